"""The heartbeat and the switchboard without a network: who is beaten, who is lost, who keeps the seat."""

from typing import Any, cast

import pytest

from cloudcourt.court.room import HearingRoom
from cloudcourt.domain.case import SeatTicket
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.roles import Role
from signaling.heartbeat import BEAT_EVERY_S, SILENT_AFTER_S, Heartbeat
from signaling.outbox import Outbox
from signaling.session import Session
from signaling.switchboard import Switchboard

pytestmark = pytest.mark.unit


def session(sid: str, seat: str = "p_a", page: str | None = None) -> Session:
    async def send(*_: Any) -> None:
        raise AssertionError("nothing is sent here")

    ticket = SeatTicket(
        hearing_id=HearingId("h_1"), participant_id=ParticipantId(seat), role=Role.DEFENDANT, name="王建国"
    )
    return Session(sid, ticket, "en", cast(HearingRoom, None), Outbox(send, lambda: None), page)


class Pulse:
    """A heartbeat whose time is told by the test."""

    def __init__(self, *sessions: Session) -> None:
        self.now = sessions[0].heard_at
        self.sessions = list(sessions)
        self.beaten: list[list[str]] = []
        self.lost: list[str] = []
        self._heartbeat = Heartbeat(lambda: self.sessions, self._send, self._lose)
        self._heartbeat._beaten_at = self.now
        for one in sessions:
            one.heard_at = self.now

    async def passes(self, seconds: float, *answering: Session) -> None:
        """Beats at their usual pace; some answer each."""
        end = self.now + seconds
        while self.now + BEAT_EVERY_S <= end:
            await self.sleeps(BEAT_EVERY_S)
            for one in answering:
                one.heard_at = self.now

    async def sleeps(self, seconds: float) -> None:
        """The server itself is late with its next beat."""
        self.now += seconds
        await self._heartbeat.beat(self.now)

    async def _send(self, sessions: list[Session], _: int) -> None:
        self.beaten.append([one.sid for one in sessions])

    def _lose(self, one: Session) -> None:
        self.sessions.remove(one)
        self.lost.append(one.sid)


async def test_a_silent_session_is_lost_once_and_an_answering_one_never() -> None:
    silent, living = session("silent"), session("living", "p_b")
    pulse = Pulse(silent, living)
    await pulse.passes(SILENT_AFTER_S - BEAT_EVERY_S, living)
    assert pulse.lost == []
    await pulse.passes(10, living)
    assert pulse.lost == ["silent"]
    assert pulse.beaten[-1] == ["living"]


async def test_a_server_that_slept_blames_nobody() -> None:
    living = session("living")
    pulse = Pulse(living)
    await pulse.passes(1, living)
    await pulse.sleeps(30)
    assert pulse.lost == []
    await pulse.passes(SILENT_AFTER_S + 2 * BEAT_EVERY_S)
    assert pulse.lost == ["living"]


def test_the_same_page_replaces_itself_and_another_page_supersedes() -> None:
    switchboard = Switchboard()
    ends: list[tuple[str, str]] = []
    switchboard.on_dismissal = lambda one, reason: ends.append((one.sid, reason))
    first, second = session("first", page="page-one"), session("second", page="page-one")
    third, nameless, other = session("third", page="page-two"), session("nameless"), session("other")
    for one in (first, second, third, nameless, other):
        switchboard.add(one)
        switchboard.attach(one)
    assert ends == [
        ("first", "replaced"),
        ("second", "superseded"),
        ("third", "superseded"),
        ("nameless", "superseded"),
    ]
    assert all(one.is_superseded for one in (first, second, third, nameless))
    assert list(switchboard.attached()) == [other]


def test_a_lost_session_keeps_no_seat_but_may_take_it_again() -> None:
    switchboard = Switchboard()
    one = session("one")
    switchboard.add(one)
    switchboard.attach(one)
    switchboard.detach(one)
    assert (list(switchboard.attached()), one.is_attached, one.is_superseded) == ([], False, False)
    switchboard.attach(one)
    assert list(switchboard.attached()) == [one]


def test_losing_an_old_session_does_not_empty_the_seat_of_a_newer_one() -> None:
    switchboard = Switchboard()
    old, new = session("old", page="page-one"), session("new", page="page-one")
    for one in (old, new):
        switchboard.add(one)
        switchboard.attach(one)
    switchboard.detach(old)
    assert list(switchboard.attached()) == [new]


def test_another_device_asks_and_the_same_tab_page_or_browser_does_not() -> None:
    switchboard = Switchboard()
    ends: list[tuple[str, str]] = []
    switchboard.on_dismissal = lambda one, reason: ends.append((one.sid, reason))
    holder = session("holder", page="page-one")
    holder.credential, holder.device = "a", "this-browser"
    switchboard.add(holder)
    switchboard.attach(holder)
    same_page, same_tab, same_browser = session("1", page="page-one"), session("2"), session("3")
    same_page.credential, same_tab.credential, same_browser.credential = "b", "a", "c"
    same_browser.device = "this-browser"
    assert not any(switchboard.must_ask(one) for one in (holder, same_page, same_tab, same_browser))
    stranger, later = session("stranger"), session("later")
    stranger.credential, later.credential, later.device = "d", "e", "that-browser"
    for one in (stranger, later):
        switchboard.add(one)
        assert switchboard.must_ask(one)
        switchboard.waits(one)
    assert ends == [("stranger", "seat_refused")], "the newest device asks"
    switchboard.settle_takeover(ParticipantId("p_a"), is_granted=True)
    assert not switchboard.must_ask(later) and switchboard.must_ask(stranger)
    switchboard.attach(later)
    assert ends[-1] == ("holder", "superseded")
    switchboard.waits(stranger)
    switchboard.drop("later")
    assert stranger.is_let_in, "what is free needs nobody's leave"
