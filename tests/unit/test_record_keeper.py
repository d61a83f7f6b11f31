"""The record room's index is told of a film as often as needed, and never held up by one that can't be read."""

import asyncio
from typing import Any

import pytest

from cloudcourt.court.record_keeper import RecordKeeper
from cloudcourt.domain.errors import NotFound
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.recording import Film, FilmState, Manifest
from tests.courthouse import in_session

pytestmark = pytest.mark.unit

HEARING = HearingId("h_1")
GONE = HearingId("h_gone")


class Court:
    """An index, a record room whose film is being made, and a gate that the first look waits at."""

    def __init__(self) -> None:
        self.film = FilmState.WAITING
        self.noted: list[tuple[HearingId, FilmState, bool]] = []
        self.gate = asyncio.Event()
        self.changed = asyncio.Event()

    async def hearing(self, hearing_id: HearingId) -> Hearing:
        if hearing_id == GONE:
            raise NotFound
        return in_session().hearing

    async def manifest(self, hearing: Hearing) -> Manifest:
        film = Film(state=self.film)
        await self.gate.wait()
        named = {"hearing_id": HEARING, "case_number": "1", "cause": "c", "opened_at": None, "ended_at": None}
        empty: dict[str, Any] = {"seats": (), "spans": (), "gaps": (), "tracks": ()}
        return Manifest.model_validate({**named, **empty, "sealed": self.film is FilmState.READY, "film": film})

    async def note_files(self, hearing_id: HearingId, *, film: FilmState, is_sealed: bool) -> None:
        self.noted.append((hearing_id, film, is_sealed))
        self.changed.set()

    async def unsettled(self) -> tuple[HearingId, ...]:
        return (GONE, HEARING)


async def test_what_changes_while_it_looks_is_looked_at_again_and_once() -> None:
    court: Any = Court()
    keeper = RecordKeeper(court, court, court.hearing)
    keeper.film_changed(HEARING)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    court.film = FilmState.READY
    for _ in range(5):
        keeper.film_changed(HEARING)
    court.gate.set()
    async with asyncio.timeout(30):
        while len(court.noted) < 2:
            court.changed.clear()
            await court.changed.wait()
    assert court.noted[-1] == (HEARING, FilmState.READY, True)
    assert len(court.noted) == 2
    await keeper.close()


async def test_at_boot_one_that_is_gone_keeps_no_other_waiting() -> None:
    court: Any = Court()
    court.gate.set()
    keeper = RecordKeeper(court, court, court.hearing)
    await keeper.take_up_unsettled()
    async with asyncio.timeout(30):
        await court.changed.wait()
    assert court.noted == [(HEARING, FilmState.WAITING, False)]
    await keeper.close()
