"""The public gallery: who opens it, what shuts it, and what of the program the public may see at a time."""

from datetime import datetime, timedelta

import pytest

from cloudcourt.domain import commands as ask
from cloudcourt.domain.apply import replay
from cloudcourt.domain.arrangement import Arrange, Arrangement
from cloudcourt.domain.errors import NotAllowed, NotPublic, WrongState
from cloudcourt.domain.gallery import Airing, CutGallery, Gallery, OpenGallery
from cloudcourt.domain.hearing import Hearing, Phase
from cloudcourt.domain.routing import routing
from cloudcourt.domain.view import view
from tests.courthouse import CLERK, DEFENDANT, JUDGE, MORNING, OBSERVER, PLAINTIFF, CourtDay

pytestmark = pytest.mark.unit

DELAY = timedelta(seconds=30)


def public_day() -> CourtDay:
    day = CourtDay(is_public=True)
    day.arrives(JUDGE, CLERK, PLAINTIFF, DEFENDANT)
    return day


def sitting_day() -> CourtDay:
    """In session, and aired from the first moment."""
    day = public_day()
    day.asks(JUDGE, OpenGallery())
    day.opens()
    return day


def standing(day: CourtDay) -> tuple[bool, bool]:
    """(open, on air)."""
    return day.hearing.gallery.is_open, day.hearing.gallery.is_on_air


def shows(hearing: Hearing, began_at: datetime, now: datetime, seconds: float = 4) -> bool:
    return hearing.gallery.may_show(began_at, began_at + timedelta(seconds=seconds), now, DELAY)


def test_only_the_judge_opens_and_cuts_and_only_what_is_public() -> None:
    day = public_day()
    for person in (CLERK, PLAINTIFF):
        for command in (OpenGallery(), CutGallery()):
            with pytest.raises(NotAllowed):
                day.asks(person, command)
    assert not day.hearing.gallery.is_open
    day.asks(JUDGE, OpenGallery())
    assert day.asks(JUDGE, OpenGallery()) == ()
    closed = CourtDay()
    with pytest.raises(NotPublic):
        closed.asks(JUDGE, OpenGallery())


def test_it_airs_only_what_is_on_the_record() -> None:
    day = public_day()
    day.asks(JUDGE, OpenGallery())
    assert standing(day) == (True, False), "the court is not open yet"
    day.opens()
    assert [airing.began_at for airing in day.hearing.gallery.airings] == [day.now]
    day.passes(60)
    day.asks(JUDGE, ask.CallRecess())
    assert standing(day) == (True, False)
    day.passes(600)
    day.resumes()
    assert standing(day) == (True, True), "a recess only pauses it"
    assert len(day.hearing.gallery.airings) == 2
    assert replay(day.log) == day.hearing


def test_the_public_is_behind_by_the_delay() -> None:
    day = sitting_day()
    opened = day.now
    assert not shows(day.hearing, opened, opened + timedelta(seconds=33.9))
    assert shows(day.hearing, opened, opened + timedelta(seconds=34))
    assert not shows(day.hearing, opened - timedelta(seconds=1), opened + timedelta(hours=1))


def test_a_cut_takes_back_what_waits() -> None:
    day = sitting_day()
    day.passes(100)
    cut, late = day.now, day.now + timedelta(hours=1)
    assert shows(day.hearing, cut - timedelta(seconds=15), late)
    day.asks(JUDGE, CutGallery())
    for age_s in (100, 33.9, 30, 15, 4, 1):
        assert not shows(day.hearing, cut - timedelta(seconds=age_s), late), age_s
    day.passes(60)
    day.asks(JUDGE, OpenGallery())
    assert not shows(day.hearing, cut - timedelta(seconds=40), late), "opened again it begins anew"
    assert not shows(day.hearing, cut - timedelta(seconds=2), late, seconds=70), "a stretch over a cut is never shown"
    assert not shows(day.hearing, day.now - timedelta(seconds=2), late)
    assert shows(day.hearing, day.now, late)


def test_a_cut_in_a_recess_reaches_back_into_the_session() -> None:
    day = sitting_day()
    day.passes(100)
    recess = day.now
    day.asks(JUDGE, ask.CallRecess())
    day.passes(10)
    late = day.now + timedelta(hours=1)
    assert shows(day.hearing, recess - timedelta(seconds=10), late), "a recess itself takes nothing back"
    day.asks(JUDGE, CutGallery())
    assert not shows(day.hearing, recess - timedelta(seconds=10), late)


def test_mediation_and_sealed_evidence_shut_it_until_the_judge_opens_it_again() -> None:
    day = sitting_day()
    day.passes(100)
    day.asks(CLERK, ask.SetPhase(phase=Phase.MEDIATION))
    assert day.hearing.gallery == Gallery(
        airings=(Airing(began_at=day.now - timedelta(seconds=100), ended_at=day.now),), cut_at=day.now
    )
    with pytest.raises(NotPublic):
        day.asks(JUDGE, OpenGallery())
    day.asks(CLERK, ask.SetPhase(phase=Phase.PRONOUNCEMENT))
    assert not day.hearing.gallery.is_open, "what was shut for privacy only the judge opens"
    day.asks(JUDGE, OpenGallery())
    assert standing(day) == (True, True)
    for arrangement in (Arrangement.SEALED, Arrangement.MEDIATION):
        day.passes(60)
        day.asks(JUDGE, Arrange(arrangement=arrangement))
        assert standing(day) == (False, False)
        assert day.hearing.gallery.cut_at == day.now
        with pytest.raises(NotPublic):
            day.asks(JUDGE, OpenGallery())
        day.asks(JUDGE, Arrange(arrangement=Arrangement.OPEN_COURT))
        assert standing(day) == (False, False)
        day.asks(JUDGE, OpenGallery())
        assert standing(day) == (True, True)


def test_at_the_end_it_is_shut_for_good() -> None:
    day = sitting_day()
    day.passes(100)
    day.asks(JUDGE, ask.CloseHearing())
    assert not day.hearing.gallery.is_open and not day.hearing.gallery.is_on_air
    assert day.hearing.gallery.cut_at == day.now
    with pytest.raises(WrongState):
        day.asks(JUDGE, OpenGallery())
    assert day.asks(JUDGE, CutGallery()) == ()


def test_everyone_in_court_is_told_that_the_public_watches() -> None:
    day = sitting_day()
    for person in (JUDGE, DEFENDANT):
        told = view(day.hearing, person).gallery
        assert (told.is_public, told.is_open, told.is_on_air) == (True, True, True)
    assert "rule_gallery" in view(day.hearing, JUDGE).may
    assert "rule_gallery" not in view(day.hearing, CLERK).may
    assert day.hearing.gallery.airings[0].began_at > MORNING


def test_an_observer_in_court_gives_nothing_whatever_they_switch_on() -> None:
    day = sitting_day()
    day.arrives(OBSERVER)
    day.asks(JUDGE, ask.Admit(participant_id=OBSERVER))
    day.asks(OBSERVER, ask.SetDevices(microphone_on=True, camera_on=True))
    matrix = routing(day.hearing)
    assert {flow.source for flow in matrix.flows if flow.listener == OBSERVER} == {JUDGE, CLERK, PLAINTIFF, DEFENDANT}
    assert OBSERVER not in {flow.source for flow in matrix.flows} | {taken.source for taken in matrix.recorded}
