"""The table of all screens: each part is a court of its own, and its stations follow one another."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Playwright

from tests.bed.browsers import Person
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
        (lobby.files, lobby.check_in, lobby.clerk_comes, lobby.private_room, lobby.witness_waits, lobby.board),
        {"check_in": "full"},
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
            after.sealing,
        ),
        {"gallery_delay_s": "8"},
    ),
}


async def walks(name: str, playwright: Playwright, folder: Path, look: Look) -> None:
    """One part from beginning to end; its server and its browsers are gone afterwards."""
    part = PARTS[name]
    async with opened(part.settings, playwright, folder, look) as visit:
        for station in part.stations:
            await station(visit)


async def _no_look(person: Person, name: str, shapes: Sequence[str]) -> None:
    """Nobody looks."""


@asynccontextmanager
async def opened(
    settings: dict[str, str], playwright: Playwright, folder: Path, look: Look = _no_look
) -> AsyncIterator[Visit]:
    """A court to walk through, for whoever leads the way."""
    server = CourtServer(folder / "court", **settings)
    await server.start()
    try:
        async with AsyncExitStack() as doors:
            yield Visit(server, playwright, folder, look, doors)
    finally:
        await server.stop()
