"""A word of help: the clerk and one person alone, while the court goes on. Heard by nobody else, and in no record."""

import pytest

from cloudcourt.domain import commands as ask
from cloudcourt.domain.apply import replay
from cloudcourt.domain.errors import CourtError, NotAllowed
from cloudcourt.domain.hearing import Hearing, Participant
from cloudcourt.domain.help_talk import BeginHelpTalk, EndHelpTalk
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import Role
from cloudcourt.domain.routing import Flow, Taken, ending, routing
from cloudcourt.domain.side import Side
from cloudcourt.domain.view import event_view, view
from tests.courthouse import CAST, CLERK, DEFENDANT, JUDGE, OBSERVER, PLAINTIFF, WITNESS, CourtDay, in_session

pytestmark = pytest.mark.unit

LAWYER = ParticipantId("p_lawyer")


def with_a_lawyer_outside() -> CourtDay:
    """A court in session; the plaintiff's lawyer is late and waits outside."""
    lawyer = Participant(id=LAWYER, role=Role.REPRESENTATIVE, name="吴", side=Side.A)
    day = CourtDay((*CAST, lawyer))
    day.arrives(JUDGE, CLERK, PLAINTIFF, DEFENDANT)
    day.opens()
    day.arrives(LAWYER, WITNESS)
    return day


def sounds(hearing: Hearing, source: ParticipantId) -> set[ParticipantId]:
    return {flow.listener for flow in routing(hearing).flows if flow.source == source and flow.kind == "audio"}


def test_the_clerk_helps_someone_in_court_and_the_court_goes_on() -> None:
    day = in_session()
    day.asks(CLERK, BeginHelpTalk(participant_id=DEFENDANT))
    assert sounds(day.hearing, CLERK) == {DEFENDANT}
    assert sounds(day.hearing, DEFENDANT) == {CLERK}
    assert sounds(day.hearing, JUDGE) == {CLERK, PLAINTIFF, DEFENDANT}, "the two go on hearing the court"
    recorded = routing(day.hearing).recorded
    assert not recorded & {Taken(CLERK, "audio"), Taken(DEFENDANT, "audio")}
    assert {Taken(JUDGE, "audio"), Taken(PLAINTIFF, "audio"), Taken(DEFENDANT, "video")} <= recorded
    day.asks(DEFENDANT, EndHelpTalk())
    assert sounds(day.hearing, DEFENDANT) == {JUDGE, CLERK, PLAINTIFF}
    assert replay(day.log) == day.hearing


def test_the_court_hears_neither_any_more_before_anyone_is_told() -> None:
    day = in_session()
    before = day.hearing
    day.asks(CLERK, BeginHelpTalk(participant_id=DEFENDANT))
    left = ending(before, day.hearing)
    assert left is not None
    assert Flow(DEFENDANT, JUDGE, "audio") not in left.flows
    assert Taken(DEFENDANT, "audio") not in left.recorded
    talking = day.hearing
    day.asks(CLERK, EndHelpTalk())
    assert ending(talking, day.hearing) is None, "the two go on hearing each other, in court again"


def test_someone_in_the_waiting_room_hears_and_sees_the_clerk_and_nothing_of_the_court() -> None:
    day = with_a_lawyer_outside()
    day.asks(CLERK, BeginHelpTalk(participant_id=LAWYER))
    reaching = {flow for flow in routing(day.hearing).flows if flow.listener == LAWYER}
    assert reaching == {Flow(CLERK, LAWYER, "audio"), Flow(CLERK, LAWYER, "video")}
    leaving = {flow for flow in routing(day.hearing).flows if flow.source == LAWYER}
    assert leaving == {Flow(LAWYER, CLERK, "audio"), Flow(LAWYER, CLERK, "video")}
    assert not {taken for taken in routing(day.hearing).recorded if taken.source == LAWYER}
    (talk,) = view(day.hearing, LAWYER).lobby.talks
    assert (talk.with_name, talk.is_yours, talk.in_court) == ("赵敏", True, False)
    assert view(day.hearing, LAWYER).people == (view(day.hearing, LAWYER).you,)


@pytest.mark.parametrize("by", [JUDGE, PLAINTIFF, OBSERVER, WITNESS])
def test_only_the_clerk_does(by: ParticipantId) -> None:
    with pytest.raises(NotAllowed):
        in_session().asks(by, BeginHelpTalk(participant_id=DEFENDANT))


@pytest.mark.parametrize("whom", [JUDGE, CLERK, WITNESS, OBSERVER, ParticipantId("p_nobody")])
def test_never_with_the_bench_a_witness_or_one_who_is_not_here(whom: ParticipantId) -> None:
    with pytest.raises(CourtError):
        in_session().asks(CLERK, BeginHelpTalk(participant_id=whom))


def test_one_talk_at_a_time_and_asking_twice_changes_nothing() -> None:
    day = in_session()
    assert day.asks(CLERK, BeginHelpTalk(participant_id=DEFENDANT))
    assert day.asks(CLERK, BeginHelpTalk(participant_id=DEFENDANT)) == ()
    with pytest.raises(CourtError):
        day.asks(CLERK, BeginHelpTalk(participant_id=PLAINTIFF))
    assert day.asks(CLERK, EndHelpTalk())
    assert day.asks(CLERK, EndHelpTalk()) == ()


@pytest.mark.parametrize(
    ("command", "by"),
    [
        (ask.Admit(participant_id=LAWYER), JUDGE),
        (ask.LinkLost(participant_id=LAWYER), None),
        (ask.LinkLost(participant_id=CLERK), None),
        (ask.Remove(participant_id=LAWYER, reason="x"), JUDGE),
        (ask.Leave(), LAWYER),
        (ask.CloseHearing(), JUDGE),
    ],
)
def test_it_is_over_when_either_goes_elsewhere(command: ask.Command, by: ParticipantId | None) -> None:
    day = with_a_lawyer_outside()
    day.asks(CLERK, BeginHelpTalk(participant_id=LAWYER))
    day.asks(by, command)
    assert day.hearing.help_talks == ()
    assert Flow(CLERK, LAWYER, "video") not in routing(day.hearing).flows or by == JUDGE


def test_only_the_two_and_the_courts_desk_know_of_it() -> None:
    day = in_session()
    before = day.hearing
    day.asks(CLERK, BeginHelpTalk(participant_id=DEFENDANT))
    told = {
        p: event_view(before, day.hearing, day.log[-1], p).event for p in (JUDGE, CLERK, PLAINTIFF, DEFENDANT, WITNESS)
    }
    assert {p for p, event in told.items() if event is not None} == {JUDGE, CLERK, DEFENDANT}
    assert [talk.is_yours for talk in view(day.hearing, JUDGE).lobby.talks] == [False]
    assert view(day.hearing, PLAINTIFF).lobby.talks == ()


def test_a_court_mute_and_the_floor_do_not_keep_the_two_from_talking() -> None:
    day = in_session()
    day.asks(JUDGE, ask.SetCourtMute(participant_id=DEFENDANT, muted=True))
    day.asks(CLERK, BeginHelpTalk(participant_id=DEFENDANT))
    assert sounds(day.hearing, DEFENDANT) == {CLERK}
    day.asks(CLERK, EndHelpTalk())
    assert sounds(day.hearing, DEFENDANT) == set()
