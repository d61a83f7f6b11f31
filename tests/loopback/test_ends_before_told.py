"""What ends in court has ended when people are told of it, and what begins, begins after: seen at the media plane."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cloudcourt.domain.arrangement import Arrange, Arrangement
from cloudcourt.domain.commands import AskedCommand, CallRecess, CloseHearing, Remove, SetCourtMute, Suspend
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.routing import Routing
from tests.bed.small_court import Ears, SmallCourt, small_court

pytestmark = pytest.mark.loopback


class Onlooker(Ears):
    """Notes what the media plane lets through at the moment in which people are told of an event."""

    def __init__(self) -> None:
        super().__init__()
        self.court: SmallCourt | None = None
        self.at: dict[str, Routing] = {}

    def tell(self, participant_id: ParticipantId, message: str, payload: dict[str, Any]) -> None:
        super().tell(participant_id, message, payload)
        if message == "court" and payload["event"] and self.court is not None:
            self.at[payload["event"]["kind"]] = self.flows()

    def flows(self) -> Routing:
        assert self.court is not None
        return self.court.plane._stages[self.court.hearing_id]._routing


@pytest.fixture
async def onlooker(tmp_path: Path) -> AsyncIterator[Onlooker]:
    """In a court that sits, with judge, clerk and plaintiff."""
    onlooker = Onlooker()
    async with small_court(tmp_path, ears=onlooker) as court:
        onlooker.court = court
        await court.enters(court.judge, court.clerk, court.plaintiff)
        await court.opens()
        yield onlooker


def heard(routing: Routing) -> set[str]:
    return {flow.source for flow in routing.flows if flow.kind == "audio"}


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (CallRecess(), "recess_called"),
        (Suspend(note="the line of the court"), "hearing_suspended"),
        (CloseHearing(), "hearing_closed"),
    ],
)
async def test_an_interruption_cuts_all_sound_and_the_record_before_anyone_knows(
    onlooker: Onlooker, command: AskedCommand, told: str
) -> None:
    court = onlooker.court
    assert court is not None and heard(onlooker.flows()) >= {court.judge, court.plaintiff}
    await court.asks(court.judge, command)
    assert heard(onlooker.at[told]) == set()
    assert onlooker.at[told].recorded == frozenset()
    if isinstance(command, CloseHearing):
        await court.sealed()


@pytest.mark.parametrize("kind", ["mute", "removal"])
async def test_who_is_silenced_is_silent_when_it_shows(onlooker: Onlooker, kind: str) -> None:
    court = onlooker.court
    assert court is not None
    if kind == "mute":
        await court.asks(court.judge, SetCourtMute(participant_id=court.plaintiff, muted=True))
        seen = onlooker.at["court_mute_changed"]
    else:
        await court.asks(court.judge, Remove(participant_id=court.plaintiff, reason="shouts"))
        seen = onlooker.at["participant_moved"]
    assert court.plaintiff not in heard(seen)
    assert court.plaintiff not in {taken.source for taken in seen.recorded if taken.kind == "audio"}
    assert court.judge in heard(seen), "the others are heard on"


async def test_sealed_evidence_is_announced_when_nothing_more_goes_into_the_open_files(onlooker: Onlooker) -> None:
    court = onlooker.court
    assert court is not None
    await court.asks(court.judge, Arrange(arrangement=Arrangement.SEALED))
    seen = onlooker.at["arrangement_changed"]
    assert seen.recorded == frozenset()
    assert heard(seen) >= {court.judge, court.plaintiff}
    assert onlooker.flows().recorded, "and then into its own"


async def test_the_opening_is_told_before_anything_is_heard(onlooker: Onlooker) -> None:
    assert heard(onlooker.at["hearing_opened"]) == set()
    assert heard(onlooker.flows())
