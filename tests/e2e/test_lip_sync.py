"""Sound against picture, from a real browser's flash and beep to the finished film."""

import asyncio
import statistics
from pathlib import Path

import pytest

from tests.bed.court_server import CourtServer
from tests.bed.film_reader import beep_onsets, box_of_colour, flash_onsets, offsets_ms, read_film, share_of_colour
from tests.e2e.conftest import Enter
from tests.e2e.test_three_in_court import download

pytestmark = pytest.mark.e2e

SOURCE = Path(__file__).parents[1] / "bed" / "flash_and_beep.js"
RED = (176, 48, 48)
FARTHEST_MS = 120
"""Loose, because the machine may be busy; the figure itself is printed."""


async def test_flashes_and_beeps_stay_together(
    server: CourtServer, enter: Enter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = await server.demo()
    judge = await enter("judge")
    await judge.context.add_init_script(path=SOURCE)
    await judge.goes_in(demo["links"]["judge"])
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await judge.sees("countdown")
    await judge.does_not_see("countdown")
    await asyncio.sleep(15)
    await judge.closes_the_hearing()
    _, path = await download(server, demo["hearing_id"], demo["links"]["clerk"], tmp_path)
    film = read_film(path, shrink=4)
    unlit = max(film.frames, key=lambda frame: share_of_colour(frame, RED, tolerance=60))
    tile = box_of_colour(unlit, RED, tolerance=60)
    offsets = offsets_ms(flash_onsets(film, tile), beep_onsets(film.sound, 1_100))
    assert len(offsets) >= 8
    median = statistics.median(offsets)
    with capsys.disabled():
        print(f"\nA/V offset in the film: median {median:+.0f} ms, {min(offsets):+.0f} to {max(offsets):+.0f} ms")
    assert abs(median) < FARTHEST_MS
