"""The film while the hearing runs: from what is written, chunk by chunk, and none the worse for being killed."""

import asyncio
import contextlib
import io
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from cloudcourt.domain.hearing import Gap, GapReason, Hearing
from media.record.folders import FILM, HEARING, write_atomically
from media.record.hearing_facts import hearing_facts
from media.record.sidecar import read_sidecars
from tests.bed.recordings import (
    JUDGE,
    PLAINTIFF,
    WallClock,
    feed,
    hearing_from,
    pictures,
    recorder_for,
    sound,
    tone_level,
)
from tests.bed.rtp_source import RtpSource

pytestmark = pytest.mark.loopback

SOURCES = (
    RtpSource(JUDGE, colour=(170, 60, 50), tone_hz=500, size=(320, 180)),
    RtpSource(PLAINTIFF, colour=(40, 130, 70), tone_hz=800, size=(320, 180)),
)
SECONDS = 14.0
WITHIN_S = 240.0


@contextlib.asynccontextmanager
async def maker(folder: Path) -> AsyncIterator[Process]:
    """A process that makes the film; it is killed at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "media.film", str(folder), "--attended", stdin=PIPE, stdout=PIPE
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


def index(folder: Path) -> list[dict[str, Any]]:
    """The lines of the program's index, head included."""
    with contextlib.suppress(FileNotFoundError):
        return [json.loads(line) for line in (folder / "film" / "film.jsonl").read_bytes().splitlines(keepends=True)]
    return []


async def has_chunks(folder: Path, count: int, process: Process) -> list[dict[str, Any]]:
    """The chunks, once there are so many."""
    async with asyncio.timeout(WITHIN_S):
        while len(found := index(folder)[1:]) < count:
            assert process.returncode is None
            await asyncio.sleep(0.1)
    return found


async def tell(folder: Path, hearing: Hearing) -> None:
    content = hearing_facts(hearing).model_dump_json().encode()
    await asyncio.to_thread(write_atomically, folder / HEARING, content)


async def test_a_film_follows_a_running_hearing_survives_its_killing_and_is_joined_at_the_close(tmp_path: Path) -> None:
    folder = tmp_path / "hearing"
    arrivals = await asyncio.to_thread(
        lambda: sorted(((a, s) for s in SOURCES for a in s.arrivals(SECONDS)), key=lambda pair: pair[0].at_s)
    )
    recorder = recorder_for(folder)
    await recorder.start()
    began_ns, opened_at = time.monotonic_ns(), WallClock().now()
    whole = hearing_from(opened_at, SECONDS)
    running = whole.model_copy(update={"ended_at": None})
    await tell(folder, running)
    async with maker(folder) as process:
        for arrival, source in arrivals:
            await asyncio.sleep(max(0.0, arrival.at_s - (time.monotonic_ns() - began_ns) / 1e9))
            feed(recorder, source.participant_id, [arrival], began_ns)
        live = await has_chunks(folder, 2, process)
    _check_program(folder, live[:2], opened_at)
    # Killed. What it had finished stands; the next one goes on behind it.
    recess = Gap(
        reason=GapReason.RECESS, began_at=opened_at + timedelta(seconds=10), ended_at=opened_at + timedelta(seconds=11)
    )
    await recorder.close()
    await tell(folder, running.model_copy(update={"gaps": (recess,)}))
    async with maker(folder) as process:
        again = await has_chunks(folder, 4, process)
        assert again[:2] == live[:2], "what was finished is not made again"
        assert [(line["kind"], line["duration_ms"], line["film_ms"]) for line in again[2:4]] == [
            ("take", 2000, 8000),
            ("card", 2000, 10_000),
        ]
        assert again[3]["reason"] == "RECESS" and not (folder / FILM).exists()
        await tell(folder, whole.model_copy(update={"gaps": (recess,)}))
        async with asyncio.timeout(WITHIN_S):
            assert await process.wait() == 0
    _check_film(folder)


def _check_program(folder: Path, live: list[dict[str, Any]], opened_at: datetime) -> None:
    head = index(folder)[0]
    assert (head["format"], head["width"], head["height"]) == ("cloudcourt-program/1", 1280, 720)
    assert [line["film_ms"] for line in live] == [0, 4000]
    assert [datetime.fromisoformat(line["began_at"]) for line in live] == [opened_at, opened_at + timedelta(seconds=4)]
    assert live[1]["seats"] == [JUDGE, PLAINTIFF]
    made_s = (datetime.fromisoformat(live[0]["made_at"]) - datetime.fromisoformat(live[0]["ended_at"])).total_seconds()
    assert made_s >= 3, "nothing that may still come is left out"
    # A player may begin at any chunk.
    program = folder / "film"
    for line in live:
        content = (program / f"chunk-{line['number']:06}.m4s").read_bytes()
        with av.open(io.BytesIO((program / "init.mp4").read_bytes() + content), "r") as container:
            frames = list(container.decode(video=0))
        assert [round(float(frame.time or 0) * 1000) for frame in frames[:2]] == [line["film_ms"], line["film_ms"] + 40]
        assert len(frames) == 100 and frames[0].key_frame
    assert min(frame.to_ndarray(format="rgb24")[200:400, 200:400].mean() for frame in frames) > 20


def _check_film(folder: Path) -> None:
    film = folder / FILM
    assert len(pictures(film)) == round(25 * (SECONDS - 1 + 2))
    heard, _ = sound(film)
    for source in SOURCES:
        assert tone_level(heard[100_000:170_000], source.tone_hz) > 0.1
        assert tone_level(heard[300_000:400_000], source.tone_hz) > 0.1, "and where it was gone on with"
        assert tone_level(heard[490_000:560_000], source.tone_hz) < 0.01
    beyond = np.abs(np.diff(heard[40_000:470_000], n=3)).max()
    assert beyond < 0.1, "no click where chunks meet"
    with av.open(film) as container:
        assert [chapter["start"] for chapter in container.chapters()] == [0, 10_000, 12_000]
    assert sorted(path.name for path in (folder / "film").iterdir()) == [".lock", "made.json"]
    assert all(track.closed for track in read_sidecars(folder))


async def test_a_maker_ends_with_its_server(tmp_path: Path) -> None:
    async with maker(tmp_path / "hearing") as process:  # there is nothing yet to make a film of
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(WITHIN_S):
            assert await process.wait() == 3
