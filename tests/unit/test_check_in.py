"""Nobody comes into a full hearing's court unverified, unsigned or driving; everybody reaches the waiting room."""

import pytest

from cloudcourt.domain.check_in import Connection, DeviceState, Grade, IdentityState, Lack, Path, Step, grade
from cloudcourt.domain.check_in_commands import (
    ConfirmSelf,
    DecideIdentity,
    DeferIdentity,
    EnterCode,
    ReportDevices,
    SignRules,
    SnapshotKept,
    VouchFor,
)
from cloudcourt.domain.check_in_rules import CODE_TRIES, CODES_LIMIT, code_number
from cloudcourt.domain.commands import Admit, Connected, LinkLost, ReportReady
from cloudcourt.domain.decide import decide
from cloudcourt.domain.errors import CheckInIncomplete, InvalidInput, NotAllowed, TooFast
from cloudcourt.domain.hearing import ParticipantState, SessionState
from cloudcourt.domain.help_desk import HelpProblem
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.isolation import AnswerCall, CallWitness
from cloudcourt.domain.ruling import Asking
from cloudcourt.domain.view import View, event_view, view
from tests.bed.check_ins import SNAPSHOT, STEPS, accepts, checks_in, full_day, link_report, parked, signing
from tests.courthouse import CLERK, DEFENDANT, JUDGE, PLAINTIFF, WITNESS, CourtDay

pytestmark = pytest.mark.unit


def state(day: CourtDay, person: ParticipantId) -> ParticipantState:
    return day.hearing.participants[person].state


def own(day: CourtDay, person: ParticipantId) -> View:
    return view(day.hearing, person)


def lacks(day: CourtDay, person: ParticipantId) -> tuple[Lack, ...]:
    return own(day, person).lobby.check_in.lacks


def problems(day: CourtDay, person: ParticipantId) -> list[HelpProblem]:
    return [task.problem for task in day.hearing.help_tasks if task.participant_id == person and task.is_open]


def test_the_wizard_goes_on_at_the_first_step_that_is_not_done() -> None:
    day = full_day()
    day.asks(None, Connected(participant_id=DEFENDANT))
    seen = [own(day, DEFENDANT).lobby.check_in.step]
    for command in STEPS[:2]:
        day.asks(DEFENDANT, command)
        seen.append(own(day, DEFENDANT).lobby.check_in.step)
    day.asks(None, SnapshotKept(participant_id=DEFENDANT, sha256=SNAPSHOT, bytes=1))
    for command in STEPS[2:]:
        seen.append(own(day, DEFENDANT).lobby.check_in.step)
        day.asks(DEFENDANT, command)
    assert [*seen, own(day, DEFENDANT).lobby.check_in.step] == list(Step)


def test_unverified_people_reach_the_waiting_room_and_not_the_court() -> None:
    day = full_day()
    day.arrives(JUDGE, CLERK)
    checks_in(day, PLAINTIFF, DEFENDANT)
    assert state(day, DEFENDANT) is ParticipantState.READY_IN_LOBBY
    assert lacks(day, DEFENDANT) == (Lack.IDENTITY,)
    with pytest.raises(CheckInIncomplete) as refusal:
        day.asks(CLERK, Admit(participant_id=DEFENDANT))
    assert refusal.value.fields["lacks"] == "identity"
    assert "核验身份" in refusal.value.sentence("zh-CN")
    accepts(day, PLAINTIFF)
    day.opens()
    assert day.hearing.session is SessionState.IN_SESSION
    assert state(day, PLAINTIFF) is ParticipantState.IN_COURT
    assert state(day, DEFENDANT) is ParticipantState.READY_IN_LOBBY, "swept into court unverified"
    accepts(day, DEFENDANT)
    day.asks(JUDGE, Admit(participant_id=DEFENDANT))
    assert state(day, DEFENDANT) is ParticipantState.IN_COURT


def test_no_signature_no_courtroom() -> None:
    day = full_day()
    day.arrives(JUDGE, CLERK)
    day.asks(None, Connected(participant_id=PLAINTIFF))
    day.asks(PLAINTIFF, ReportReady())
    day.asks(CLERK, VouchFor(participant_id=PLAINTIFF, reason="多次到庭，书记员认识"))
    assert lacks(day, PLAINTIFF) == (Lack.DECLARATION,)
    with pytest.raises(CheckInIncomplete):
        day.asks(CLERK, Admit(participant_id=PLAINTIFF))
    with pytest.raises(InvalidInput):
        day.asks(PLAINTIFF, SignRules(version="2026-1", language="zh-CN", sha256="0" * 64))
    day.asks(PLAINTIFF, signing())
    day.asks(CLERK, Admit(participant_id=PLAINTIFF))
    assert state(day, PLAINTIFF) is ParticipantState.IN_COURT


def test_a_short_check_in_asks_for_nothing() -> None:
    day = CourtDay()
    day.arrives(JUDGE, CLERK, DEFENDANT)
    assert not own(day, DEFENDANT).lobby.check_in.must
    day.asks(CLERK, Admit(participant_id=DEFENDANT))
    assert state(day, DEFENDANT) is ParticipantState.IN_COURT


def test_whoever_drives_is_stopped_and_the_clerk_is_told_once() -> None:
    day = full_day()
    day.asks(None, Connected(participant_id=DEFENDANT))
    day.asks(DEFENDANT, parked(driving=True))
    day.asks(DEFENDANT, parked(driving=True))
    assert problems(day, DEFENDANT) == [HelpProblem.DRIVING]
    with pytest.raises(CheckInIncomplete):
        day.asks(DEFENDANT, ReportReady())
    day.asks(DEFENDANT, parked())
    assert (state(day, DEFENDANT), problems(day, DEFENDANT)) == (ParticipantState.TESTING, [])
    day.asks(DEFENDANT, parked(driving=True))
    assert state(day, DEFENDANT) is ParticipantState.CHECKING_IN
    day.asks(DEFENDANT, parked())
    day.asks(DEFENDANT, ReportReady())
    assert state(day, DEFENDANT) is ParticipantState.READY_IN_LOBBY


def test_a_refused_permission_makes_one_task_and_its_end_closes_it() -> None:
    day = full_day()
    day.asks(None, Connected(participant_id=DEFENDANT))
    denied = ReportDevices(microphone=DeviceState.WORKS, camera=DeviceState.DENIED)
    for _ in range(3):
        day.asks(DEFENDANT, denied)
    assert problems(day, DEFENDANT) == [HelpProblem.CAMERA]
    assert own(day, DEFENDANT).lobby.check_in.step is Step.LANGUAGE, "a report is no step"
    day.asks(DEFENDANT, ReportDevices(microphone=DeviceState.WORKS, camera=DeviceState.WORKS))
    assert problems(day, DEFENDANT) == []
    assert len(day.hearing.help_tasks) == 1


def test_a_refusal_needs_a_reason_and_can_be_made_good() -> None:
    day = full_day()
    day.arrives(JUDGE, CLERK)
    with pytest.raises(InvalidInput):
        day.asks(CLERK, DecideIdentity(participant_id=DEFENDANT, accepted=True))  # there is no snapshot
    checks_in(day, DEFENDANT)
    with pytest.raises(InvalidInput):
        day.asks(CLERK, DecideIdentity(participant_id=DEFENDANT, accepted=False))
    day.asks(CLERK, DecideIdentity(participant_id=DEFENDANT, accepted=False, reason="证件反光"))
    told = own(day, DEFENDANT).lobby.check_in
    assert (told.done.identity.reason, told.done.identity.decided_by, told.step) == ("证件反光", None, Step.IDENTITY)
    day.asks(None, SnapshotKept(participant_id=DEFENDANT, sha256="cd" * 32, bytes=1))
    accepts(day, DEFENDANT)
    assert lacks(day, DEFENDANT) == ()
    day.asks(None, SnapshotKept(participant_id=DEFENDANT, sha256="ef" * 32, bytes=1))
    assert day.hearing.check_ins[DEFENDANT].identity.state is IdentityState.ACCEPTED


def test_whoever_turns_out_to_be_somebody_else_leaves_the_court() -> None:
    day = full_day()
    day.arrives(JUDGE, CLERK)
    checks_in(day, DEFENDANT)
    accepts(day, DEFENDANT)
    day.asks(CLERK, Admit(participant_id=DEFENDANT))
    day.asks(CLERK, DecideIdentity(participant_id=DEFENDANT, accepted=False, reason="不是本人"))
    assert state(day, DEFENDANT) is ParticipantState.READY_IN_LOBBY


def test_nobody_refused_comes_back_into_a_held_seat_and_nobody_unverified_is_called() -> None:
    day = full_day()
    day.arrives(JUDGE, CLERK)
    checks_in(day, DEFENDANT, WITNESS)
    accepts(day, DEFENDANT)
    day.opens()
    day.asks(None, LinkLost(participant_id=DEFENDANT))
    day.asks(CLERK, DecideIdentity(participant_id=DEFENDANT, accepted=False, reason="不是本人"))
    day.asks(None, Connected(participant_id=DEFENDANT))
    assert state(day, DEFENDANT) is ParticipantState.READY_IN_LOBBY
    with pytest.raises(CheckInIncomplete):
        day.asks(JUDGE, CallWitness(participant_id=WITNESS))
    accepts(day, WITNESS)
    day.asks(JUDGE, CallWitness(participant_id=WITNESS))
    day.asks(WITNESS, AnswerCall())
    assert state(day, WITNESS) is ParticipantState.IN_COURT


def test_only_the_courts_desk_decides_and_nobody_about_themselves() -> None:
    day = full_day()
    day.arrives(JUDGE, CLERK)
    checks_in(day, PLAINTIFF)
    with pytest.raises(NotAllowed):
        day.asks(DEFENDANT, DecideIdentity(participant_id=PLAINTIFF, accepted=True))
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, VouchFor(participant_id=PLAINTIFF, reason="我就是我"))
    with pytest.raises(NotAllowed):
        day.asks(CLERK, VouchFor(participant_id=CLERK, reason="我"))
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, SnapshotKept(participant_id=PLAINTIFF, sha256=SNAPSHOT, bytes=1))


def test_wrong_codes_wear_a_code_out() -> None:
    day = full_day()
    day.asks(None, Connected(participant_id=DEFENDANT))
    for tried in range(CODE_TRIES * CODES_LIMIT):
        assert code_number(tried) == tried // CODE_TRIES
        day.asks(DEFENDANT, EnterCode(code="000000"))
    with pytest.raises(TooFast):
        day.asks(DEFENDANT, EnterCode(code="000000"))
    right = Asking(actor=PLAINTIFF, now=day.now, code_matches=True)
    (entered,) = decide(day.hearing, EnterCode(code="123456"), right)
    assert entered.model_dump() == {"kind": "code_entered", "participant_id": PLAINTIFF, "matched": True}


def test_steps_are_between_the_person_and_the_courts_desk() -> None:
    day = full_day()
    day.arrives(JUDGE, CLERK)
    day.asks(None, Connected(participant_id=WITNESS))
    before = day.hearing
    (told,) = day.asks(WITNESS, ConfirmSelf(is_me=True))
    shown = {who: event_view(before, day.hearing, told, who).event for who in (WITNESS, CLERK, JUDGE, PLAINTIFF)}
    assert [who for who, event in shown.items() if event] == [WITNESS, CLERK, JUDGE]
    assert own(day, PLAINTIFF).lobby.board == ()
    board = {line.participant_id: line for line in own(day, CLERK).lobby.board}
    assert board[WITNESS].check_in.is_self is True
    day.asks(WITNESS, DeferIdentity())
    assert problems(day, WITNESS) == [HelpProblem.IDENTITY]


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (Connection(udp=Path.WORKS, tcp=Path.WORKS, relay=Path.UNTRIED, rtt_ms=40, loss_percent=0), Grade.GOOD),
        (Connection(udp=Path.BLOCKED, tcp=Path.WORKS, relay=Path.UNTRIED, rtt_ms=40), Grade.OKAY),
        (Connection(udp=Path.WORKS, tcp=Path.WORKS, relay=Path.UNTRIED, rtt_ms=300), Grade.OKAY),
        (Connection(udp=Path.WORKS, tcp=Path.WORKS, relay=Path.UNTRIED, rtt_ms=40, loss_percent=9), Grade.BAD),
        (Connection(udp=Path.BLOCKED, tcp=Path.BLOCKED, relay=Path.WORKS, rtt_ms=90), Grade.OKAY),
        (Connection(udp=Path.BLOCKED, tcp=Path.BLOCKED, relay=Path.BLOCKED), Grade.BAD),
    ],
)
def test_what_a_tested_connection_is_worth(found: Connection, verdict: Grade) -> None:
    assert grade(found) is verdict


def test_a_poor_connection_calls_the_desk() -> None:
    day = full_day()
    day.asks(None, Connected(participant_id=DEFENDANT))
    day.asks(DEFENDANT, link_report(rtt_ms=900))
    assert problems(day, DEFENDANT) == [HelpProblem.CONNECTION]
    day.asks(DEFENDANT, link_report(rtt_ms=40))
    assert problems(day, DEFENDANT) == []
