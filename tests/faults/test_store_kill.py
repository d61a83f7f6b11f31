"""A server that is killed in the middle of writing: what it was told is stored, is stored."""

import asyncio
import random
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cloudcourt.domain.events import Event, LobbyOpened, RecessCalled
from cloudcourt.domain.ids import HearingId
from cloudcourt.store.migrate import migrate
from cloudcourt.store.store import Store
from tests.bed.sittings import schedule

pytestmark = pytest.mark.faults

ROOT = Path(__file__).parents[2]
DEATHS = 10


async def write_until_killed(url: str, hearing_id: HearingId) -> None:
    """The victim: appends three events at a time, and prints each last number once the store has answered."""
    store = await Store.open(url)
    last_seq = (await store.record.since(hearing_id, 0))[-1].seq
    while True:
        events: list[Event] = [LobbyOpened(), RecessCalled(note="午休" * 200), LobbyOpened()]
        stored = await store.record.append(hearing_id, last_seq, events, at=datetime.now(UTC), actor="system")
        last_seq = stored[-1].seq
        print(last_seq, flush=True)


@asynccontextmanager
async def _victim(url: str, hearing_id: HearingId) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, url, hearing_id, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _last_number_before_death(url: str, hearing_id: HearingId, answers: int) -> int:
    """Kill a writer while it is busy with the append after `answers` answers; the last number it was given."""
    async with _victim(url, hearing_id) as process, asyncio.timeout(60):
        assert process.stdout is not None
        for _ in range(answers):
            number = int(await process.stdout.readline())
        process.kill()
        # It may have been answered again before the kill arrived.
        rest = (await process.stdout.read()).split(b"\n")
    whole_lines = [int(line) for line in rest[:-1]]
    return whole_lines[-1] if whole_lines else number


async def test_every_acknowledged_event_outlives_its_writer(tmp_path: Path) -> None:
    file = tmp_path / "court.db"
    url = f"sqlite:///{file}"
    await migrate(url)
    store = await Store.open(url)  # a reader that stays, so that no clean close tidies up after the dead
    hearing_id = (await schedule(store)).hearing_id
    chance = random.Random(2026)

    acknowledged = 1
    for _ in range(DEATHS):
        told = await _last_number_before_death(url, hearing_id, answers=chance.randint(1, 40))
        assert told > acknowledged
        acknowledged = told
        log = await store.record.since(hearing_id, 0)
        assert [event.seq for event in log] == list(range(1, len(log) + 1))
        assert len(log) in (acknowledged, acknowledged + 3)
    await store.close()

    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


if __name__ == "__main__":
    asyncio.run(write_until_killed(sys.argv[1], HearingId(sys.argv[2])))
