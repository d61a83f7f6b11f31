"""Order in the courtroom: who may do what of it in which state, and what follows from it."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloudcourt.domain import commands as ask
from cloudcourt.domain import order_errors
from cloudcourt.domain.audible import may_be_heard
from cloudcourt.domain.connectivity import Leaving
from cloudcourt.domain.error_codes import ErrorCode
from cloudcourt.domain.errors import CourtError, NotAllowed, WrongState
from cloudcourt.domain.events import PhaseChanged
from cloudcourt.domain.floor import (
    CallNext,
    GiveFloor,
    LowerAllHands,
    LowerHand,
    RaiseHand,
    SetFloorMode,
    SetMicrophoneLock,
    TakeFloor,
)
from cloudcourt.domain.hearing import COURT_SITS, Participant, ParticipantState, Phase, SessionState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.presiding import HandOverPresiding, TakePresiding
from cloudcourt.domain.request import AnswerRequest, AskCourt, RequestKind
from cloudcourt.domain.roles import Role
from cloudcourt.domain.routing import routing
from cloudcourt.domain.rules import rule_name
from cloudcourt.domain.takeover import AnswerTakeover, AskTakeover
from cloudcourt.domain.view import view
from cloudcourt.domain.warning import AcknowledgeWarning, Finding, RuleOnWalkOut, WalkOutDrafted, Warn, WarningStep
from tests.courthouse import CAST, CLERK, DEFENDANT, JUDGE, PLAINTIFF, WITNESS, CourtDay, in_session

pytestmark = pytest.mark.unit

MEMBER = ParticipantId("p_member")
INTERPRETER = ParticipantId("p_interpreter")
REPRESENTATIVE = ParticipantId("p_representative")
FULL_CAST = (
    *CAST,
    Participant(id=MEMBER, role=Role.BENCH_MEMBER, name="林远"),
    Participant(id=INTERPRETER, role=Role.INTERPRETER, name="何方"),
    Participant(id=REPRESENTATIVE, role=Role.REPRESENTATIVE, name="吴律"),
)


def panel() -> CourtDay:
    """A court in session with a panel, an interpreter and a witness who has been called in."""
    day = CourtDay(FULL_CAST)
    day.arrives(JUDGE, MEMBER, CLERK, PLAINTIFF, DEFENDANT, REPRESENTATIVE, WITNESS, INTERPRETER)
    day.opens()
    for person in (WITNESS, INTERPRETER):
        day.asks(JUDGE, ask.Admit(participant_id=person))
    return day


ROLES = {
    Role.JUDGE: JUDGE,
    Role.BENCH_MEMBER: MEMBER,
    Role.CLERK: CLERK,
    Role.PLAINTIFF: PLAINTIFF,
    Role.DEFENDANT: DEFENDANT,
    Role.REPRESENTATIVE: REPRESENTATIVE,
    Role.WITNESS: WITNESS,
    Role.INTERPRETER: INTERPRETER,
}
COURT = {Role.JUDGE, Role.CLERK}
PARTIES = {Role.PLAINTIFF, Role.DEFENDANT, Role.REPRESENTATIVE, Role.WITNESS}
ALL = set(ROLES)

TABLE: dict[str, tuple[ask.Command, set[Role]]] = {
    "raise hand": (RaiseHand(), ALL - COURT),
    "lower all": (LowerAllHands(), COURT),
    "floor mode": (SetFloorMode(is_on=True), COURT),
    "give": (GiveFloor(participant_id=PLAINTIFF), COURT),
    "call": (CallNext(), COURT),
    "take": (TakeFloor(), COURT),
    "lock": (SetMicrophoneLock(is_on=True), COURT),
    "ask recess": (AskCourt(request=RequestKind.RECESS), ALL - {Role.JUDGE}),
    "ask to present": (AskCourt(request=RequestKind.PRESENT), PARTIES),
    "warn": (Warn(participant_id=PLAINTIFF, reason="打断"), COURT),
    "hand over": (HandOverPresiding(participant_id=MEMBER), {Role.JUDGE}),
    "rule": (RuleOnWalkOut(number=1, finding=Finding.EXCUSED), {Role.JUDGE}),
    "phase": (ask.SetPhase(phase=Phase.DEBATE), COURT),
}
"""Table D: an act, and who may."""


def is_refused_as_not_allowed(act: Callable[[], object]) -> bool:
    try:
        act()
    except NotAllowed:
        return True
    except CourtError:
        return False
    return False


@pytest.mark.parametrize(("name", "role"), list(product(TABLE, ROLES)))
def test_who_may_do_what(name: str, role: Role) -> None:
    command, may = TABLE[name]
    day = panel()
    day.asks(DEFENDANT, RaiseHand())
    assert is_refused_as_not_allowed(lambda: day.asks(ROLES[role], command)) is (role not in may)


SITTING_ONLY = ("raise hand", "floor mode", "give", "call", "lock", "ask recess", "phase")
PAUSES: dict[SessionState, Callable[[CourtDay], object]] = {
    SessionState.RECESS: lambda day: day.asks(JUDGE, ask.CallRecess()),
    SessionState.SUSPENDED: lambda day: day.asks(CLERK, ask.Suspend()),
    SessionState.CLOSED: lambda day: day.asks(JUDGE, ask.CloseHearing()),
    SessionState.ADJOURNED: lambda day: day.asks(JUDGE, ask.Adjourn()),
    SessionState.CONVERTED_OFFLINE: lambda day: day.asks(JUDGE, ask.ConvertOffline()),
}


@pytest.mark.parametrize(("name", "state"), list(product(SITTING_ONLY, PAUSES)))
def test_the_floor_is_kept_only_while_the_court_sits(name: str, state: SessionState) -> None:
    command, may = TABLE[name]
    day = panel()
    PAUSES[state](day)
    actor = ROLES[sorted(may, key=list(ROLES).index)[0]]
    with pytest.raises(WrongState) as refusal:
        day.asks(actor, command)
    assert refusal.value.rule == "REC 1"


def test_the_queue_keeps_its_order_and_who_leaves_leaves_it() -> None:
    day = panel()
    for person in (DEFENDANT, PLAINTIFF, WITNESS):
        day.asks(person, RaiseHand())
    assert day.asks(DEFENDANT, RaiseHand()) == ()
    day.asks(None, ask.LinkLost(participant_id=DEFENDANT))
    day.asks(None, ask.GraceElapsed(participant_id=DEFENDANT))
    day.asks(None, ask.Connected(participant_id=DEFENDANT))
    assert queue(day) == [DEFENDANT, PLAINTIFF, WITNESS]
    day.asks(JUDGE, ask.ReturnToLobby(participant_id=WITNESS))
    day.asks(CLERK, LowerHand(participant_id=PLAINTIFF))
    assert queue(day) == [DEFENDANT]
    day.asks(JUDGE, CallNext(seconds=60))
    assert (queue(day), day.hearing.floor.holder) == ([], DEFENDANT)
    day.asks(DEFENDANT, ask.Leave())
    assert day.hearing.floor.holder is None
    with pytest.raises(order_errors.NoHandRaised):
        day.asks(JUDGE, CallNext())


def queue(day: CourtDay) -> list[str]:
    return [hand.participant_id for hand in day.hearing.floor.hands]


def test_in_floor_mode_only_the_holder_and_the_bench_are_heard_and_recorded() -> None:
    day = panel()
    day.asks(JUDGE, SetFloorMode(is_on=True))
    assert heard(day) == {JUDGE, MEMBER, CLERK, INTERPRETER}
    day.asks(JUDGE, GiveFloor(participant_id=DEFENDANT, seconds=30))
    assert heard(day) == {JUDGE, MEMBER, CLERK, INTERPRETER, DEFENDANT}
    assert {taken.source for taken in routing(day.hearing).recorded if taken.kind == "audio"} == heard(day)
    day.passes(31)
    assert DEFENDANT in heard(day), "time that has run out cuts nobody off"
    day.asks(JUDGE, TakeFloor())
    day.asks(JUDGE, SetFloorMode(is_on=False))
    assert PLAINTIFF in heard(day)


def heard(day: CourtDay) -> set[str]:
    return {flow.source for flow in routing(day.hearing).flows if flow.kind == "audio"}


def test_a_lock_holds_also_for_those_who_leave_and_come_again() -> None:
    day = panel()
    day.asks(JUDGE, SetMicrophoneLock(is_on=True))
    assert day.hearing.participants[PLAINTIFF].microphone_on, "who speaks is not cut short"
    day.asks(PLAINTIFF, ask.SetDevices(microphone_on=False, camera_on=True))
    with pytest.raises(order_errors.MicrophonesLocked):
        day.asks(PLAINTIFF, ask.SetDevices(microphone_on=True, camera_on=True))
    day.asks(PLAINTIFF, ask.Leave())
    day.arrives(PLAINTIFF)
    day.asks(CLERK, ask.Admit(participant_id=PLAINTIFF))
    assert not day.hearing.participants[PLAINTIFF].microphone_on
    day.asks(JUDGE, ask.SetCourtMute(participant_id=PLAINTIFF, muted=True))
    day.asks(JUDGE, GiveFloor(participant_id=PLAINTIFF))
    day.asks(PLAINTIFF, ask.SetDevices(microphone_on=True, camera_on=True))
    assert PLAINTIFF in heard(day), "the word lifts the court's mute"
    day.asks(JUDGE, TakeFloor())
    assert PLAINTIFF not in heard(day)


def test_presiding_is_handed_over_and_its_rights_go_with_it() -> None:
    day = panel()
    before = day.hearing
    day.asks(JUDGE, HandOverPresiding(participant_id=MEMBER))
    assert (day.hearing.session, day.hearing.record_mode) == (before.session, before.record_mode)
    assert view(day.hearing, PLAINTIFF).order.presiding == MEMBER
    with pytest.raises(NotAllowed):
        day.asks(JUDGE, ask.CallRecess())
    with pytest.raises(NotAllowed):
        day.asks(CLERK, ask.Remove(participant_id=MEMBER, reason="x"))
    day.asks(MEMBER, ask.CallRecess())
    day.asks(MEMBER, HandOverPresiding(participant_id=JUDGE))
    day.asks(JUDGE, ask.ResumeHearing(countdown_ms=0))


def test_a_lost_presiding_judge_does_not_suspend_a_panel_and_a_member_may_step_in() -> None:
    day = panel()
    with pytest.raises(order_errors.PresidingPresent):
        day.asks(MEMBER, TakePresiding())
    with pytest.raises(NotAllowed):
        day.asks(CLERK, TakePresiding())
    day.asks(None, ask.LinkLost(participant_id=JUDGE))
    day.passes(11)
    assert day.asks(None, ask.JudgeLost()) == ()
    day.asks(MEMBER, TakePresiding())
    day.asks(MEMBER, ask.CallRecess())
    day.asks(MEMBER, ask.ResumeHearing(countdown_ms=0))
    day.zero()
    day.asks(None, ask.LinkLost(participant_id=MEMBER))
    day.asks(None, ask.JudgeLost())
    assert day.hearing.session is SessionState.SUSPENDED


def test_phases_are_marked_when_merged_or_returned_to() -> None:
    day = panel()
    (moved,) = day.asks(JUDGE, ask.SetPhase(phase=Phase.EVIDENCE))
    assert moved.event == PhaseChanged(phase=Phase.EVIDENCE)
    (back,) = day.asks(CLERK, ask.SetPhase(phase=Phase.CLAIM_AND_DEFENCE))
    assert back.event == PhaseChanged(phase=Phase.CLAIM_AND_DEFENCE, mark="returned", on_judges_word=True)
    merge = {"phase": Phase.INVESTIGATION, "merges": (Phase.DEBATE, Phase.EVIDENCE)}
    with pytest.raises(order_errors.ConsentNeeded):
        day.asks(JUDGE, ask.SetPhase.model_validate(merge))
    with pytest.raises(NotAllowed):
        day.asks(CLERK, ask.SetPhase.model_validate({**merge, "by_consent": True}))
    day.asks(JUDGE, ask.SetPhase.model_validate({**merge, "by_consent": True}))
    assert view(day.hearing, PLAINTIFF).merged_phases == (Phase.EVIDENCE, Phase.DEBATE)
    day.asks(None, ask.LinkLost(participant_id=JUDGE))
    day.asks(None, ask.LinkLost(participant_id=MEMBER))
    with pytest.raises(NotAllowed):
        day.asks(CLERK, ask.SetPhase(phase=Phase.DEBATE))


def test_a_recess_that_is_granted_is_called() -> None:
    day = panel()
    (asked,) = day.asks(DEFENDANT, AskCourt(request=RequestKind.RECESS, note="身体不适"))
    assert [r.number for r in view(day.hearing, JUDGE).order.requests] == [asked.seq]
    assert view(day.hearing, PLAINTIFF).order.requests == ()
    with pytest.raises(NotAllowed):
        day.asks(CLERK, AnswerRequest(number=asked.seq, is_granted=True))
    day.asks(JUDGE, AnswerRequest(number=asked.seq, is_granted=True))
    assert (day.hearing.session, day.hearing.notice) == (SessionState.RECESS, "身体不适")
    with pytest.raises(order_errors.NoSuchRequest):
        day.asks(JUDGE, AnswerRequest(number=asked.seq, is_granted=True))


def warned_twice() -> CourtDay:
    day = panel()
    for _ in range(2):
        day.asks(JUDGE, Warn(participant_id=DEFENDANT, reason="大声喧哗"))
    return day


def drafts(day: CourtDay) -> list[WalkOutDrafted]:
    return [stored.event for stored in day.log if isinstance(stored.event, WalkOutDrafted)]


def test_leaving_after_two_warnings_is_drafted_with_its_evidence() -> None:
    day = warned_twice()
    day.asks(DEFENDANT, AcknowledgeWarning())
    day.asks(DEFENDANT, ask.Leave())
    (draft,) = view(day.hearing, JUDGE).order.walk_outs
    assert [each.step for each in draft.warnings] == [WarningStep.NOTICE, WarningStep.WARNING]
    assert all(each.seen_at for each in draft.warnings)
    assert view(day.hearing, PLAINTIFF).order.walk_outs == ()
    day.asks(JUDGE, RuleOnWalkOut(number=draft.number, finding=Finding.WALKED_OUT))
    assert view(day.hearing, CLERK).order.walk_outs[0].finding is Finding.WALKED_OUT


def leaves_by_closing(day: CourtDay, **how: object) -> None:
    gone = Leaving.model_validate({"how": "closed_page", "confidence": "likely", "at": day.now, "rtt_ms": 60, **how})
    day.asks(None, ask.LinkLost(participant_id=DEFENDANT))
    day.passes(30)
    day.asks(None, ask.GraceElapsed(participant_id=DEFENDANT, leaving=gone))


def test_a_page_that_is_closed_and_not_opened_again_is_drafted_from_when_it_closed() -> None:
    day = warned_twice()
    closed_at = day.now
    leaves_by_closing(day)
    (draft,) = view(day.hearing, JUDGE).order.walk_outs
    assert draft.left_at == closed_at
    assert draft.leaving is not None
    assert (draft.leaving.how, draft.leaving.rtt_ms) == ("closed_page", 60)
    assert draft.finding is None, "the judge decides"
    day.asks(None, ask.Connected(participant_id=DEFENDANT))
    assert day.hearing.participants[DEFENDANT].sits_in_court, "nothing follows from a draft by itself"
    leaves_by_closing(day)
    assert len(drafts(day)) == 1, "one is before the judge already"


@pytest.mark.parametrize("how", ["lost_network", "weak_network", "tab_hidden", "device_taken", "ended_by_court", None])
def test_whoever_lost_the_network_or_froze_has_an_excuse(how: str | None) -> None:
    day = warned_twice()
    if how is None:
        day.asks(None, ask.LinkLost(participant_id=DEFENDANT))
        day.asks(None, ask.GraceElapsed(participant_id=DEFENDANT))
    else:
        leaves_by_closing(day, how=how)
    assert drafts(day) == []


def test_a_fault_a_pause_or_too_few_warnings_draft_nothing() -> None:
    lost = warned_twice()
    lost.asks(None, ask.LinkLost(participant_id=DEFENDANT))
    lost.asks(None, ask.GraceElapsed(participant_id=DEFENDANT))
    lost.asks(DEFENDANT, ask.Leave())
    paused = warned_twice()
    paused.asks(JUDGE, ask.CallRecess())
    paused.asks(DEFENDANT, ask.Leave())
    once = panel()
    once.asks(JUDGE, Warn(participant_id=DEFENDANT, reason="x"))
    once.asks(DEFENDANT, ask.Leave())
    assert [drafts(day) for day in (lost, paused, once)] == [[], [], []]


def test_removing_someone_from_a_sitting_court_needs_a_reason() -> None:
    day = in_session()
    with pytest.raises(order_errors.ReasonNeeded):
        day.asks(JUDGE, ask.Remove(participant_id=DEFENDANT))
    day.asks(JUDGE, ask.Remove(participant_id=DEFENDANT, reason="扰乱法庭秩序"))


def test_a_seat_is_asked_for_once_and_forgotten_when_it_falls_free() -> None:
    day = panel()
    assert day.asks(None, AskTakeover(participant_id=DEFENDANT))
    assert day.asks(None, AskTakeover(participant_id=DEFENDANT)) == ()
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, AnswerTakeover(participant_id=DEFENDANT, is_granted=True))
    day.asks(None, ask.LinkLost(participant_id=DEFENDANT))
    assert day.hearing.takeovers == ()
    with pytest.raises(order_errors.NoTakeover):
        day.asks(CLERK, AnswerTakeover(participant_id=DEFENDANT, is_granted=True))


def test_who_is_taken_out_of_the_case_is_out_of_everything() -> None:
    day = panel()
    day.asks(DEFENDANT, RaiseHand())
    day.asks(JUDGE, SetFloorMode(is_on=True))
    day.asks(None, ask.Unseat(participant_id=DEFENDANT, reason="变更当事人"))
    assert day.hearing.participants[DEFENDANT].state is ParticipantState.REMOVED
    assert queue(day) == [] and DEFENDANT not in heard(day)
    with pytest.raises(NotAllowed):
        day.asks(JUDGE, ask.Unseat(participant_id=PLAINTIFF))


def refusals(kind: type[CourtError] = CourtError) -> list[type[CourtError]]:
    return [each for one in kind.__subclasses__() for each in (one, *refusals(one))]


OF_THE_DOOR = {
    "invalid_input", "too_large", "not_signed_in", "wrong_credentials", "link_not_valid", "not_found",
    "foreign_origin", "no_such_person", "sequence_conflict", "too_fast", "not_attached", "media_refused",
    "media_unavailable", "court_full", "range_not_satisfiable", "already_exists", "gallery_full", "internal",
}  # fmt: skip
"""Refusals of the technology, on which no rule of the court stands."""


def test_refusals_of_the_hearing_name_their_rule_in_both_languages() -> None:
    ours = [
        each for each in refusals() if each.__module__ in ("cloudcourt.domain.errors", "cloudcourt.domain.order_errors")
    ]
    ruled = [each for each in ours if each.code not in OF_THE_DOOR]
    assert {each.code for each in ruled} >= {ErrorCode.MICROPHONES_LOCKED, ErrorCode.NOT_ALLOWED, ErrorCode.SEAT_TAKEN}
    for each in ruled:
        rule = each.rule or WrongState("recess", "closed").rule
        assert rule is not None and rule_name(rule, "zh-CN") and rule_name(rule, "en"), each
    day = in_session()
    with pytest.raises(WrongState) as refusal:
        day.asks(JUDGE, ask.OpenHearing())
    assert refusal.value.sentence("zh-CN").endswith("（依据：《人民法院庭审录音录像的若干规定》第1条）")


ACTS = st.sampled_from(
    [
        *((person, RaiseHand()) for person in (PLAINTIFF, DEFENDANT, WITNESS)),
        *((person, ask.Leave()) for person in (PLAINTIFF, DEFENDANT)),
        *((None, ask.LinkLost(participant_id=person)) for person in (JUDGE, PLAINTIFF, DEFENDANT)),
        *((None, ask.Connected(participant_id=person)) for person in (JUDGE, PLAINTIFF, DEFENDANT)),
        *((CLERK, ask.Admit(participant_id=person)) for person in (PLAINTIFF, DEFENDANT, WITNESS)),
        *((person, ask.ReportReady()) for person in (PLAINTIFF, DEFENDANT)),
        *(
            (person, ask.SetDevices(microphone_on=on, camera_on=True))
            for person in (PLAINTIFF, DEFENDANT)
            for on in (True, False)
        ),
        *((JUDGE, SetFloorMode(is_on=on)) for on in (True, False)),
        *((JUDGE, SetMicrophoneLock(is_on=on)) for on in (True, False)),
        *((JUDGE, GiveFloor(participant_id=person)) for person in (PLAINTIFF, DEFENDANT)),
        (CLERK, CallNext(seconds=30)),
        (CLERK, TakeFloor()),
        (JUDGE, HandOverPresiding(participant_id=MEMBER)),
        (MEMBER, TakePresiding()),
        (JUDGE, ask.CallRecess()),
        (JUDGE, ask.ResumeHearing(countdown_ms=0)),
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTS, min_size=5, max_size=40))
def test_whatever_happens_the_floor_holds(acts: list[tuple[ParticipantId | None, ask.Command]]) -> None:
    day = panel()
    for actor, command in acts:
        was_locked = day.hearing.floor.is_locked and day.hearing.session in COURT_SITS
        before = day.hearing
        try:
            day.asks(actor, command)
        except CourtError:
            assert day.hearing == before
        floor, people = day.hearing.floor, day.hearing.participants
        seated = {p.id for p in people.values() if p.sits_in_court}
        assert len(set(queue(day))) == len(queue(day)) and set(queue(day)) <= seated
        assert floor.holder is None or floor.holder in seated
        if floor.is_exclusive:
            bench = {JUDGE, MEMBER, CLERK, INTERPRETER, floor.holder}
            assert heard(day) <= bench
            assert {p.id for p in people.values() if may_be_heard(day.hearing, p)} <= bench
        if was_locked and floor.is_locked and isinstance(command, ask.SetDevices) and actor != before.floor.holder:
            own = people[ParticipantId(str(actor))]
            assert own.microphone_on <= before.participants[own.id].microphone_on, "nobody un-muted himself"
