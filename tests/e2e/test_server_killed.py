"""SIGKILL in the middle of a hearing: everything comes back without anyone's help, and the gap is listed."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import av
import pytest

from tests.bed.court_server import CourtServer
from tests.bed.fake_devices import LOOKS
from tests.e2e.conftest import Enter
from tests.e2e.test_three_in_court import hears_again, rises, seat_ids

pytestmark = pytest.mark.e2e

LOST_AT_MOST_S = 1.5


async def test_a_killed_server_comes_back_with_hearing_phase_and_seats(server: CourtServer, enter: Enter) -> None:
    demo = await server.demo()
    judge, defendant = await enter("judge"), await enter("defendant", phone=True)
    ids = await seat_ids(demo["links"], server.url)
    await judge.goes_in(demo["links"]["judge"])
    await defendant.goes_in(demo["links"]["defendant"])
    await defendant.sees("waiting-room")
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await defendant.does_not_see("countdown")
    await rises(judge, "frames", 60)
    await judge.presses("phase-debate")
    await judge.sees("phase-debate-current")
    await asyncio.sleep(6)

    killed_at = datetime.now().astimezone()
    await server.kill()
    folder = server.data_dir / "hearings" / demo["hearing_id"] / "tracks"
    before = [path for path in folder.iterdir() if path.suffix in (".webm", ".mkv")]
    assert len(before) >= 4, "two people, sound and picture each; a picture has one file for each size it had"
    await server.start()

    # Nobody touches anything: both browsers come back to the same seats of the same phase and hear each other.
    for person in (judge, defendant):
        await person.sees("courtroom")
    await hears_again(judge, ids["defendant"], LOOKS["defendant"].tone_hz)
    await hears_again(defendant, ids["judge"], LOOKS["judge"].tone_hz)
    await judge.sees("phase-debate-current")
    await judge.sees("rec-sign")
    manifest = await manifest_with_gap(server, demo)
    (gap,) = manifest["gaps"]
    assert gap["reason"] == "FAULT"
    began = datetime.fromisoformat(gap["began_at"])
    # At the last written byte: the media worker outlives the server for a moment, and closes the record.
    assert abs((killed_at - began).total_seconds()) < LOST_AT_MOST_S
    played: dict[tuple[str, str], float] = {}
    ended: dict[tuple[str, str], float] = {}
    for path in before:
        track = next(t for t in manifest["tracks"] if t["file"].endswith(path.name))
        whose, seconds = (track["participant_id"], track["kind"]), played_s(path)
        played[whose] = played.get(whose, 0) + seconds
        began_s = datetime.fromisoformat(track["started_at"]).timestamp()
        ended[whose] = max(ended.get(whose, 0), began_s + seconds)
    assert len(played) == 4
    for whose, seconds in played.items():
        assert seconds > 4, f"{whose} does not play to its end"
        assert killed_at.timestamp() - ended[whose] < LOST_AT_MOST_S, f"{whose} lost more than the last moment"
    assert {t["file"].rsplit("/", 1)[1] for t in manifest["tracks"]} > {path.name for path in before}


async def manifest_with_gap(server: CourtServer, demo: dict[str, Any]) -> dict[str, Any]:
    """The manifest once the fault's gap has ended: bytes reach the disk again."""
    headers = {"Authorization": f"Bearer {demo['links']['clerk'].split('#')[1]}"}
    url = f"{server.url}/api/hearings/{demo['hearing_id']}/recording"
    async with aiohttp.ClientSession(headers=headers) as http, asyncio.timeout(30):
        while True:
            async with http.get(url) as answer:
                manifest: dict[str, Any] = await answer.json()
            if manifest["gaps"] and all(gap["ended_at"] for gap in manifest["gaps"]):
                return manifest
            await asyncio.sleep(0.3)


def played_s(path: Path) -> float:
    """Decode a torn file to its very end; its duration in seconds."""
    first = last = 0.0
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(container.streams[0])):
            assert isinstance(frame, av.VideoFrame | av.AudioFrame)
            at = float(frame.time or 0.0)
            first = at if number == 0 else first
            last = at
    return last - first
