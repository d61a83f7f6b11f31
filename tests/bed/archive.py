"""A court that starts with one hearing already held, filmed and sealed: what the record room's tests open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bed.court_server import CourtServer
from tests.bed.recordings import WallClock
from tests.bed.small_court import SmallCourt

CLERK = "zhaomin"
CLERK_NAME = "书记员 赵敏"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Seats:
    """Who comes to the record room, and to which hearing."""

    hearing_id: str
    judge_token: str


@dataclass
class Archive:
    """A court with one sealed record in it."""

    server: CourtServer
    hearing_id: str
    judge_link: str


async def admits(court: SmallCourt) -> Seats:
    """After the close: a clerk's account, and a link for the judge."""
    now = WallClock().now()
    await court.store.staff.add(CLERK, CLERK_NAME, PASSWORD, at=now)
    token = await court.store.links.issue(court.hearing_id, court.judge, expires_at=now.replace(year=now.year + 1))
    return Seats(court.hearing_id, token)


@asynccontextmanager
async def archive_of(data_dir: Path, seats: Seats) -> AsyncIterator[Archive]:
    """The server over these records; stopped afterwards, and it must have logged no failure."""
    server = CourtServer(data_dir)
    await server.start()
    yield Archive(server, seats.hearing_id, f"{server.url}/join#{seats.judge_token}")
    await server.stop()
    assert "Traceback" not in server.log(), server.log()
