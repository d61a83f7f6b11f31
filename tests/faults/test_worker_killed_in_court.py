"""A whole server whose media worker dies while the court sits: the court sits on, and the gap is on the record."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import MediaAnswer
from cloudcourt.observability.tasks import Crew
from tests.bed.caller import Caller
from tests.bed.court_server import CourtServer, workers_of
from tests.bed.media_hearing import Speaker
from tests.bed.rtc_client import RtcClient, until

pytestmark = pytest.mark.faults

OTHER_SEATS = 3


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[CourtServer]:
    server = CourtServer(tmp_path / "court")
    await server.start()
    yield server
    workers = workers_of(server)
    await server.stop()
    assert "Traceback" not in server.log(), server.log()
    assert len(workers) == 1 and not any(map(is_there, workers))


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def connects(person: Caller) -> RtcClient:
    """Offer over signaling, as the page does."""
    client = RtcClient(pairs=OTHER_SEATS)
    answer = await person.calls("media_offer", {"sdp": await client.offer()})
    await client.take(MediaAnswer.model_validate(answer))
    return client


async def manifest(server: CourtServer, demo: dict[str, Any]) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {demo['links']['clerk'].split('#')[1]}"}
    url = f"{server.url}/api/hearings/{demo['hearing_id']}/recording"
    async with aiohttp.ClientSession(headers=headers) as http, http.get(url) as answer:
        found: dict[str, Any] = await answer.json()
        return found


async def gap_that_ended(server: CourtServer, demo: dict[str, Any]) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while True:
            gaps = (await manifest(server, demo))["gaps"]
            if gaps and gaps[0]["ended_at"]:
                (gap,) = gaps
                return dict(gap)
            await asyncio.sleep(0.2)


async def test_the_court_sits_on_and_the_gap_is_listed(server: CourtServer) -> None:
    demo = await server.demo()
    async with AsyncExitStack() as doors:
        judge, plaintiff = Caller(server.url), Caller(server.url)
        for role, person in (("judge", judge), ("plaintiff", plaintiff)):
            await person.joins(demo["links"][role])
            doors.push_async_callback(person.leaves)
            await person.asks("report_ready")
        await judge.asks("open_hearing", countdown_ms=0)
        await plaintiff.until("in_session")
        speaking = Crew("people")
        doors.push_async_callback(speaking.dismiss)
        first = await connects(judge)
        doors.push_async_callback(first.close)
        speaker = ParticipantId(judge.participant_id)
        speaking.start(Speaker(first, speaker).speak(), name="judge")
        tracks = server.data_dir / "hearings" / demo["hearing_id"] / "tracks"
        await until(
            lambda: len([p for p in tracks.glob("*.webm") if p.stat().st_size > 2_000]) == 2, "both are written"
        )

        killed_at = datetime.now().astimezone()
        (dead,) = workers_of(server)
        os.kill(dead, signal.SIGKILL)
        for person in (judge, plaintiff):
            await person.until_told(lambda told: told.media_lost == 1)
        await judge.until_view(lambda view: any(gap["ended_at"] is None for gap in view["gaps"]))

        again, listener = await connects(judge), await connects(plaintiff)
        doors.push_async_callback(again.close)
        doors.push_async_callback(listener.close)
        speaking.start(Speaker(again, speaker).speak(), name="judge again")
        await listener.receives(speaker, "audio", 50)
        await listener.receives(speaker, "video", 10)
        gap = await gap_that_ended(server, demo)
        assert gap["reason"] == "FAULT"
        assert abs((datetime.fromisoformat(gap["began_at"]) - killed_at).total_seconds()) < 2.0
        assert judge.view["session"] == "in_session", "nothing else happened to the hearing"
        kinds = [track["kind"] for track in (await manifest(server, demo))["tracks"]]
        assert sorted(kinds) == ["audio", "audio", "video", "video"]
        assert workers_of(server) != [dead]
