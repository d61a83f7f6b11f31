"""A shared screen: by the court's leave, one at a time, and gone as soon as the leave, the person or the court is."""

import pytest

from cloudcourt.domain.arrangement import Arrange, Arrangement
from cloudcourt.domain.commands import CallRecess, Leave
from cloudcourt.domain.errors import NotAllowed, WrongParticipantState, WrongState
from cloudcourt.domain.exhibit_commands import EndScreen, LetPresent, ScreenEnded, ScreenShared, ShareScreen
from cloudcourt.domain.exhibit_errors import ScreenTaken
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.routing import Flow, Taken, routing
from cloudcourt.domain.view import event_view, view
from media.record.hearing_facts import hearing_facts
from tests.courthouse import CLERK, DEFENDANT, JUDGE, PLAINTIFF, WITNESS, CourtDay, in_session

pytestmark = pytest.mark.unit


def viewers(day: CourtDay, source: ParticipantId = PLAINTIFF) -> set[ParticipantId]:
    return {flow.listener for flow in routing(day.hearing).flows if flow[::2] == (source, "screen")}


def screens(day: CourtDay) -> list[Flow | Taken]:
    found = routing(day.hearing)
    everything: list[Flow | Taken] = [*found.flows, *found.recorded]
    return [each for each in everything if each.kind == "screen"]


def plaintiff_shares() -> CourtDay:
    day = in_session()
    day.asks(JUDGE, LetPresent(participant_id=PLAINTIFF, is_allowed=True))
    day.asks(PLAINTIFF, ShareScreen())
    return day


def test_a_screen_is_shared_by_the_courts_leave_alone() -> None:
    day = in_session()
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, ShareScreen())
    assert not screens(day)
    day.asks(CLERK, LetPresent(participant_id=PLAINTIFF, is_allowed=True))
    assert not screens(day), "leave is not yet a screen"
    (shared,) = day.asks(PLAINTIFF, ShareScreen())
    assert shared.event == ScreenShared(participant_id=PLAINTIFF)
    assert {JUDGE, CLERK, DEFENDANT} <= viewers(day)
    assert PLAINTIFF not in viewers(day)
    assert Taken(PLAINTIFF, "screen") in routing(day.hearing).recorded
    assert day.asks(PLAINTIFF, ShareScreen()) == ()


def test_everyone_in_court_knows_whose_screen_it_is_and_nobody_outside() -> None:
    day = plaintiff_shares()
    assert view(day.hearing, DEFENDANT).exhibits.screen == PLAINTIFF
    assert view(day.hearing, WITNESS).exhibits.screen is None
    told = {who: event_view(day.hearing, day.hearing, day.log[-1], who).event for who in (DEFENDANT, WITNESS)}
    assert told == {DEFENDANT: ScreenShared(participant_id=PLAINTIFF), WITNESS: None}


def test_one_screen_at_a_time() -> None:
    day = plaintiff_shares()
    with pytest.raises(ScreenTaken):
        day.asks(JUDGE, ShareScreen())
    with pytest.raises(NotAllowed):
        day.asks(DEFENDANT, EndScreen())
    (ended,) = day.asks(JUDGE, EndScreen())
    assert ended.event == ScreenEnded(participant_id=PLAINTIFF)
    day.asks(JUDGE, ShareScreen())
    assert viewers(day, JUDGE)
    assert not viewers(day)
    day.asks(JUDGE, EndScreen())
    assert day.asks(JUDGE, EndScreen()) == ()


def test_the_screen_goes_with_the_leave() -> None:
    day = plaintiff_shares()
    said = day.asks(JUDGE, LetPresent(participant_id=PLAINTIFF, is_allowed=False))
    assert ScreenEnded(participant_id=PLAINTIFF) in [each.event for each in said]
    assert not screens(day)
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, ShareScreen())


def test_the_screen_goes_with_its_person() -> None:
    day = plaintiff_shares()
    began_at = day.now
    day.passes(40)
    day.asks(PLAINTIFF, Leave())
    assert not screens(day)
    assert day.hearing.exhibits.screen is None
    (span,) = hearing_facts(day.hearing).screens
    assert (span.participant_id, span.began_at, span.ended_at) == (PLAINTIFF, began_at, day.now)


def test_a_recess_ends_it_and_resuming_does_not_bring_it_back() -> None:
    day = plaintiff_shares()
    day.asks(JUDGE, CallRecess())
    assert not screens(day)
    with pytest.raises((WrongState, WrongParticipantState)):
        day.asks(PLAINTIFF, ShareScreen())
    day.resumes()
    assert not screens(day)
    assert view(day.hearing, JUDGE).exhibits.screen is None


def test_whoever_the_arrangement_shuts_out_shows_nothing_meanwhile() -> None:
    day = plaintiff_shares()
    day.asks(JUDGE, Arrange(arrangement=Arrangement.CAUCUS_B))
    assert not screens(day)
    assert view(day.hearing, DEFENDANT).exhibits.screen is None
