"""The table of all screens: each part is a court of its own, and its stations follow one another."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Playwright

from tests.bed.court_server import CourtServer
from tests.bed.walk import after, court, lobby, outside, seen
from tests.bed.walk.visit import Look, Visit

Station = Callable[[Visit], Awaitable[None]]


@dataclass(frozen=True)
class Part:
    """`settings` of its server, and what is walked through there."""

    stations: tuple[Station, ...]
    settings: dict[str, str] = field(default_factory=dict)


PARTS = {
    "outside": Part((outside.public_pages, outside.desk, outside.browsers_that_cannot)),
    "lobby": Part(
        (lobby.files, lobby.check_in, lobby.private_room, lobby.witness_waits, lobby.board), {"check_in": "full"}
    ),
    "court": Part(
        (
            lobby.files,
            court.preview,
            court.opening,
            court.in_session,
            court.panel,
            court.dialogs,
            court.left,
            court.interruptions,
            court.closes,
        )
    ),
    "record": Part(
        (
            lobby.files,
            seen.sits,
            seen.exhibits,
            seen.monitor,
            seen.gallery,
            seen.ends,
            after.record_room,
            after.openings,
        ),
        {"gallery_delay_s": "8"},
    ),
}


async def walks(name: str, playwright: Playwright, folder: Path, look: Look) -> None:
    """One part from beginning to end; its server and its browsers are gone afterwards."""
    part = PARTS[name]
    server = CourtServer(folder / name, **part.settings)
    await server.start()
    try:
        async with AsyncExitStack() as doors:
            visit = Visit(server, playwright, folder, look, doors)
            for station in part.stations:
                await station(visit)
    finally:
        await server.stop()
