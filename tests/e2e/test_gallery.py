"""What was written is seen and heard by the clerk at once, and by the public behind a delay, until the judge cuts."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.bed import axe
from tests.bed.browsers import Person
from tests.bed.court_server import CourtServer
from tests.e2e.conftest import Enter

pytestmark = pytest.mark.e2e

DELAY_S = 8
WITHIN_S = 120
STATE = "id => { const v = document.querySelector(`[data-testid=${id}]`); return v && [v.currentTime, v.readyState]; }"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[CourtServer]:
    """A court whose public is only some seconds behind."""
    server = CourtServer(tmp_path / "court", gallery_delay_s=str(DELAY_S))
    await server.start()
    yield server
    await server.stop()
    assert "Traceback" not in server.log(), server.log()


async def advances(page: Page, video: str, by_s: float) -> None:
    """Wait until the player has played so much."""
    before: float | None = None
    async with asyncio.timeout(WITHIN_S):
        while True:
            state = await page.evaluate(STATE, video)
            if state is not None and state[1] >= 2:
                before = state[0] if before is None else before
                if state[0] >= before + by_s:
                    return
            await asyncio.sleep(0.3)


def index(server: CourtServer, hearing_id: str) -> list[dict[str, Any]]:
    """The program's chunks so far."""
    path = server.data_dir / "hearings" / hearing_id / "film" / "film.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines[1:]]


def began(chunk: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(chunk["began_at"])


async def logged(server: CourtServer, hearing_id: str, kind: str, number: int) -> datetime:
    """When the first, second … event of that kind happened, by the evidence log."""
    log = server.data_dir / "hearings" / hearing_id / "record.log"
    async with asyncio.timeout(WITHIN_S):
        while True:
            entries = [json.loads(line)[1] for line in log.read_text().splitlines()]
            found = [entry["at"] for entry in entries if entry.get("event", {}).get("kind") == kind]
            if len(found) >= number:
                return datetime.fromisoformat(found[number - 1])
            await asyncio.sleep(0.2)


async def test_the_clerk_listens_and_the_public_watches_until_the_judge_cuts(server: CourtServer, enter: Enter) -> None:
    demo = await server.demo()
    hearing_id = demo["hearing_id"]
    judge, clerk = await enter("judge"), await enter("clerk", language="en")
    await clerk.goes_in(demo["links"]["clerk"])
    await judge.goes_in(demo["links"]["judge"])
    visitor = await (await judge.browser.new_context(locale="zh-CN")).new_page()
    await judge.presses("btn-open-gallery")
    await judge.presses("btn-confirm")
    await expect(judge.part("gallery-switch")).to_have_attribute("data-state", "paused", timeout=WITHIN_S * 1000)
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    for person in (judge, clerk):
        await expect(person.part("on-air")).to_be_visible(timeout=WITHIN_S * 1000)
    await visitor.goto(f"{server.url}/gallery/{hearing_id}")
    await visitor.get_by_test_id("btn-take-seat").click()

    # The clerk sees what was written, and how loud everyone is in the file.
    await advances(clerk.page, "monitor-video", 3)
    age_s = int(await clerk.part("monitor-age").get_attribute("data-seconds") or "999")
    assert age_s < 120, "what the clerk sees was written a moment ago, also on a busy machine"
    await expect(clerk.part("written-levels").locator("li")).to_have_count(2, timeout=WITHIN_S * 1000)
    await expect(clerk.part("written-levels")).to_contain_text(" dB", timeout=WITHIN_S * 1000)
    assert await clerk.part("sound-alarm").count() == 0
    await clerk.presses("btn-monitor-listen")
    assert not await clerk.part("monitor-video").evaluate("video => video.muted")

    # The public sees it too, later.
    await advances(visitor, "gallery-video", 3)
    await expect(visitor.get_by_test_id("visitor-mark")).to_be_visible()
    assert not await axe.harm_in_both(visitor)
    await cut_is_final(server, hearing_id, judge, visitor)
    assert not [c for person in (judge, clerk) for c in person.complaints]


async def cut_is_final(server: CourtServer, hearing_id: str, judge: Person, visitor: Page) -> None:
    """The judge cuts: the visitor's player stops, and nothing from before is handed out again, opened again or not."""
    await judge.presses("btn-cut-gallery")
    await expect(visitor.get_by_test_id("gallery-screen")).not_to_have_attribute(
        "data-phase", "playing", timeout=WITHIN_S * 1000
    )
    await expect(judge.part("gallery-switch")).to_have_attribute("data-state", "closed", timeout=WITHIN_S * 1000)
    at_the_cut = len(index(server, hearing_id))
    await judge.presses("btn-open-gallery")
    await judge.presses("btn-confirm")
    opened_at = await logged(server, hearing_id, "gallery_opened", 2)
    async with asyncio.timeout(WITHIN_S):  # a piece that nobody had been shown when the cut came
        while len(index(server, hearing_id)) == at_the_cut:
            await asyncio.sleep(0.3)
    never = [chunk["number"] for chunk in index(server, hearing_id) if began(chunk) < opened_at]
    assert len(never) >= at_the_cut > 0
    url = f"{server.url}/api/hearings/{hearing_id}/gallery"
    async with server.http() as http:
        async with http.post(f"{url}/seat") as answer:
            seat = {"Authorization": f"Bearer {(await answer.json())['ticket']}"}
        async with http.get(f"{url}/program", headers=seat) as answer:
            assert not {chunk["number"] for chunk in (await answer.json())["chunks"]} & set(never)
        for number in never:
            async with http.get(f"{url}/program/chunk-{number:06}.m4s", headers=seat) as answer:
                assert answer.status == 404, number
        await judge.closes_the_hearing()
        async with http.get(url) as answer:
            assert answer.status == 404, "a hearing that is over has no gallery"
    await expect(visitor.get_by_test_id("gallery-nothing")).to_be_visible(timeout=WITHIN_S * 1000)
