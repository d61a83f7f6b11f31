"""The court arranged by name: who hears whom, what is recorded, and how the account of time stays whole."""

from datetime import timedelta

import pytest

from cloudcourt.domain import commands as ask
from cloudcourt.domain import errors
from cloudcourt.domain.arrangement import Arrange, Arrangement
from cloudcourt.domain.channel import ChooseChannel, Interpret
from cloudcourt.domain.configurations import CONFIGURATIONS, TERMS, Configuration, configuration, takes_part
from cloudcourt.domain.gap_algebra import differences
from cloudcourt.domain.hearing import GapReason, Hearing, Participant, RecordMode, SessionState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.recording import Readiness
from cloudcourt.domain.roles import Role
from cloudcourt.domain.room_errors import CounselMissing
from cloudcourt.domain.routing import routing
from cloudcourt.domain.side import Side
from cloudcourt.domain.view import view
from media.record.hearing_facts import spans
from tests.courthouse import CLERK, DEFENDANT, JUDGE, OBSERVER, PLAINTIFF, CourtDay
from tests.unit.test_rooms import INTERPRETER, LAWYER, PANELLIST, THEIR_LAWYER

pytestmark = pytest.mark.unit

MEDIATOR = ParticipantId("p_mediator")
A = Arrangement

PEOPLE = (
    Participant(id=JUDGE, role=Role.JUDGE, name="陈明远"),
    Participant(id=PANELLIST, role=Role.BENCH_MEMBER, name="周正"),
    Participant(id=CLERK, role=Role.CLERK, name="赵敏"),
    Participant(id=PLAINTIFF, role=Role.PLAINTIFF, name="李秀英"),
    Participant(id=LAWYER, role=Role.REPRESENTATIVE, name="何律师", side=Side.A),
    Participant(id=DEFENDANT, role=Role.DEFENDANT, name="王建国"),
    Participant(id=THEIR_LAWYER, role=Role.REPRESENTATIVE, name="高律师", side=Side.B),
    Participant(id=INTERPRETER, role=Role.INTERPRETER, name="阿依古丽"),
    Participant(id=MEDIATOR, role=Role.MEDIATOR, name="沈和"),
    Participant(id=OBSERVER, role=Role.OBSERVER, name="周一"),
)
LATE = (INTERPRETER, MEDIATOR, OBSERVER)


def sitting() -> CourtDay:
    day = CourtDay(PEOPLE)
    day.arrives(*(person.id for person in PEOPLE))
    day.opens()
    for person in LATE:
        day.asks(CLERK, ask.Admit(participant_id=person))
    return day


def hears(hearing: Hearing, listener: ParticipantId) -> set[ParticipantId]:
    return {flow.source for flow in routing(hearing).flows if flow.listener == listener and flow.kind == "audio"}


def recorded(hearing: Hearing) -> set[ParticipantId]:
    return {taken.source for taken in routing(hearing).recorded}


def test_the_table_of_terms_names_every_configuration_and_every_state_has_one() -> None:
    assert set(TERMS) == set(Configuration)
    assert set(CONFIGURATIONS) == set(SessionState)
    for named in (Configuration.SHUT, Configuration.RECESS, Configuration.WITNESS_WAITING):
        assert not any(takes_part(TERMS[named], role, side) for role in Role for side in (None, *Side))
    for caucus, other in ((Configuration.CAUCUS_A, Side.B), (Configuration.CAUCUS_B, Side.A)):
        assert not any(takes_part(TERMS[caucus], role, other) for role in Role if role not in TERMS[caucus].roles)


def test_in_a_sidebar_bench_and_lawyers_talk_and_it_is_a_sealed_stretch() -> None:
    day = sitting()
    day.passes(60)
    day.asks(JUDGE, Arrange(arrangement=A.SIDEBAR))
    assert hears(day.hearing, LAWYER) == {JUDGE, PANELLIST, CLERK, THEIR_LAWYER}
    for outside in (PLAINTIFF, DEFENDANT, OBSERVER, INTERPRETER, MEDIATOR):
        assert not hears(day.hearing, outside)
        assert not view(day.hearing, outside).rooms.takes_part
    assert recorded(day.hearing) == {JUDGE, PANELLIST, CLERK, LAWYER, THEIR_LAWYER}
    assert day.hearing.record_mode is RecordMode.SEALED
    (gap,) = day.hearing.gaps
    assert (gap.reason, gap.ended_at) == (GapReason.SEALED_EVIDENCE, None)


def test_no_sidebar_where_one_side_would_be_heard_alone() -> None:
    day = sitting()
    day.asks(CLERK, ask.ReturnToLobby(participant_id=THEIR_LAWYER))
    with pytest.raises(CounselMissing):
        day.asks(JUDGE, Arrange(arrangement=A.SIDEBAR))


def test_sealed_evidence_is_heard_and_recorded_without_observers() -> None:
    day = sitting()
    day.asks(JUDGE, Arrange(arrangement=A.SEALED))
    assert PLAINTIFF in hears(day.hearing, DEFENDANT)
    assert not hears(day.hearing, OBSERVER)
    assert DEFENDANT in recorded(day.hearing)


def test_a_caucus_is_off_the_record_and_shuts_the_other_side_out() -> None:
    day = sitting()
    day.asks(JUDGE, Arrange(arrangement=A.MEDIATION))
    assert day.hearing.off_record_reason is GapReason.MEDIATION
    assert MEDIATOR in hears(day.hearing, DEFENDANT)
    assert not recorded(day.hearing)
    day.asks(MEDIATOR, Arrange(arrangement=A.CAUCUS_A))
    assert hears(day.hearing, PLAINTIFF) == {JUDGE, MEDIATOR, LAWYER}
    for outside in (DEFENDANT, THEIR_LAWYER, PANELLIST, CLERK, OBSERVER):
        assert not hears(day.hearing, outside)
    day.asks(JUDGE, Arrange(arrangement=A.CAUCUS_B))
    assert hears(day.hearing, DEFENDANT) == {JUDGE, MEDIATOR, THEIR_LAWYER}
    assert not hears(day.hearing, PLAINTIFF)
    assert not recorded(day.hearing)
    assert [gap.reason for gap in day.hearing.gaps] == [GapReason.MEDIATION]
    day.asks(JUDGE, Arrange(arrangement=A.OPEN_COURT))
    assert day.hearing.record_mode is RecordMode.ON_RECORD
    assert MEDIATOR not in hears(day.hearing, DEFENDANT)


def test_only_the_judge_begins_and_ends_it_and_only_while_the_court_sits() -> None:
    day = sitting()
    for actor in (CLERK, PLAINTIFF, LAWYER, MEDIATOR, PANELLIST):
        with pytest.raises(errors.NotAllowed):
            day.asks(actor, Arrange(arrangement=A.CAUCUS_A))
    day.asks(JUDGE, Arrange(arrangement=A.CAUCUS_A))
    with pytest.raises(errors.NotAllowed):
        day.asks(MEDIATOR, Arrange(arrangement=A.OPEN_COURT))
    day.asks(JUDGE, ask.CallRecess())
    assert day.hearing.arrangement is A.OPEN_COURT
    with pytest.raises(errors.WrongState):
        day.asks(JUDGE, Arrange(arrangement=A.SEALED))


def test_the_court_goes_back_on_record_only_with_a_recorder() -> None:
    day = sitting()
    day.asks(JUDGE, Arrange(arrangement=A.MEDIATION))
    day.recorder = Readiness(ready=False, reason="disk_full")
    with pytest.raises(errors.RecorderNotReady):
        day.asks(JUDGE, Arrange(arrangement=A.OPEN_COURT))
    assert day.hearing.arrangement is A.MEDIATION


def test_every_arrangement_leaves_the_account_of_time_whole() -> None:
    day = sitting()
    for arrangement in (A.SEALED, A.SIDEBAR, A.MEDIATION, A.CAUCUS_A, A.CAUCUS_B, A.SEALED, A.OPEN_COURT):
        day.passes(10)
        day.asks(JUDGE, Arrange(arrangement=arrangement))
        if arrangement is A.SIDEBAR:  # the recorder breaks off in a sealed stretch, and comes back
            day.passes(4)
            day.asks(None, ask.RecorderInterrupted(since=day.now - timedelta(seconds=2)))
            assert day.hearing.lacks_recorder
            day.passes(3)
            day.asks(None, ask.RecorderResumed())
            assert not day.hearing.lacks_recorder
    day.passes(10)
    day.asks(JUDGE, ask.StateFault(text="电源中断"))
    day.asks(JUDGE, ask.CloseHearing())
    hearing = day.hearing
    assert hearing.opened_at and hearing.ended_at
    assert differences(hearing.opened_at, hearing.ended_at, spans(hearing), hearing.gaps) == ()
    reasons = [gap.reason.value for gap in hearing.gaps]
    assert reasons == ["SEALED_EVIDENCE", "SEALED_EVIDENCE", "FAULT", "SEALED_EVIDENCE", "MEDIATION", "SEALED_EVIDENCE"]


def test_an_interpreters_channel_reaches_those_who_chose_it_and_the_record() -> None:
    day = sitting()
    assert INTERPRETER in hears(day.hearing, PLAINTIFF)
    day.asks(DEFENDANT, ChooseChannel(interpreter_id=INTERPRETER))
    day.asks(INTERPRETER, Interpret(to_channel=True))
    assert configuration(day.hearing) is Configuration.INTERPRETED
    assert INTERPRETER in hears(day.hearing, DEFENDANT)
    assert INTERPRETER not in hears(day.hearing, PLAINTIFF)
    assert JUDGE in hears(day.hearing, DEFENDANT)
    assert INTERPRETER in recorded(day.hearing)
    (channel,) = view(day.hearing, DEFENDANT).rooms.channels
    assert channel.is_open
    day.asks(INTERPRETER, Interpret(to_channel=False))
    assert INTERPRETER in hears(day.hearing, PLAINTIFF)
    with pytest.raises(errors.NotAllowed):
        day.asks(PLAINTIFF, ChooseChannel(interpreter_id=DEFENDANT))
    with pytest.raises(errors.NotAllowed):
        day.asks(PLAINTIFF, Interpret(to_channel=True))
