"""The clerk finds a hearing's record, goes from mark to mark, and takes a copy whose reason the judge can read."""

import asyncio
import hashlib
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from cloudcourt.domain.commands import CallRecess, ResumeHearing, SetPhase
from cloudcourt.domain.hearing import Phase, SessionState
from cloudcourt.domain.log_note import AddNote
from tests.bed import axe
from tests.bed.archive import PASSWORD, Archive, admits, archive_of
from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.rtp_source import RtpSource
from tests.bed.small_court import small_court
from tests.e2e.conftest import Enter

pytestmark = pytest.mark.e2e

MAKING_MS = 120_000
CASE = "（2026）云0101民初27号"
PLACE = "document.querySelector('[data-testid=film]')?.currentTime ?? -1"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

RESUMED = """
async ([url, first]) => {
  const leaving = new AbortController();
  const begun = await fetch(url, {signal: leaving.signal});
  const tag = begun.headers.get('ETag');
  const reader = begun.body.getReader();
  const head = [];
  let got = 0;
  while (got < first) {
    const {value} = await reader.read();
    head.push(value);
    got += value.length;
  }
  leaving.abort();
  const kept = new Blob(head).slice(0, first);  // a small film may have come whole already
  const rest = await fetch(url, {headers: {Range: `bytes=${first}-`, 'If-Range': tag}});
  const whole = await new Blob([kept, await rest.arrayBuffer()]).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
  return {status: rest.status, sha256: [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')};
}
"""


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    """A hearing of two people with a phase, a note and a recess was held, filmed and sealed; the server is up."""
    data_dir = tmp_path / "court"
    data_dir.mkdir()
    async with small_court(data_dir, case_number=CASE) as court:
        sources = [RtpSource(court.judge), RtpSource(court.plaintiff)]
        await court.enters(court.judge, court.clerk, court.plaintiff)
        await court.opens()
        await court.speaks(sources, 3)
        await court.asks(court.judge, SetPhase(phase=Phase.DEBATE))
        await court.asks(court.clerk, AddNote(text="借条原件当庭出示"))
        await court.speaks(sources, 3)
        await court.asks(court.judge, CallRecess(note="午休"))
        await court.asks(court.judge, ResumeHearing(countdown_ms=0))
        await court.until(lambda hearing: hearing.session is SessionState.IN_SESSION)
        await court.speaks(sources, 3)
        await court.closes()
        seats = await admits(court)
    async with archive_of(data_dir, seats) as archive:
        yield archive


async def test_a_record_is_found_played_and_taken_away(archive: Archive, enter: Enter, tmp_path: Path) -> None:
    clerk, judge = await enter("clerk", phone=True), await enter("judge")
    url = archive.server.url
    await clerk.page.goto(f"{url}/recordings")
    await clerk.part("user_name").fill("zhaomin")
    await clerk.part("password").fill(PASSWORD)
    await clerk.presses("btn-sign-in")
    await finds_it(clerk, archive.hearing_id)
    manifest = await (await clerk.page.request.get(f"{url}/api/hearings/{archive.hearing_id}/recording")).json()
    told = await (await clerk.page.request.get(f"{url}/api/hearings/{archive.hearing_id}/recording/marks")).json()
    await goes_from_mark_to_mark(clerk, {mark["kind"]: mark["film_s"] for mark in told["marks"]})
    await hears_one_speaker(clerk, manifest)

    film = await takes(clerk, tmp_path / "film.mp4", "btn-take-film", "appeal", "移送二审")
    assert hashlib.sha256(film.read_bytes()).hexdigest() == manifest["film"]["sha256"]
    link = await clerk.part("btn-save-1").get_attribute("href")
    again = await clerk.page.evaluate(RESUMED, [link, 100_000])
    assert again == {"status": 206, "sha256": manifest["film"]["sha256"]}
    whole = await takes(clerk, tmp_path / "record.zip", "btn-take-bundle", "case_file", "")
    with zipfile.ZipFile(whole) as bundle:
        assert json.loads(bundle.read("film.json"))["statement"]["sha256"] == manifest["film"]["sha256"]
        assert "借条".encode() not in bundle.read("record.log"), "a note's words are not handed out"

    await judge.page.goto(archive.judge_link)
    await judge.part("closed-page").wait_for(timeout=PATIENCE_MS)
    await judge.page.goto(f"{url}/recordings#{archive.hearing_id}")
    await judge.presses("btn-access")
    rows = judge.part("access-log").get_by_test_id("opening")
    await expect(rows.filter(has_text="移送上诉、再审")).not_to_have_count(0, timeout=PATIENCE_MS)
    await expect(rows.filter(has_text="移送二审").first).to_contain_text("书记员 赵敏")
    assert not [c for person in (clerk, judge) for c in person.complaints if "401" not in c]


async def finds_it(clerk: Person, hearing_id: str) -> None:
    """Nothing under a wrong name; by number and state, one; a click leads to the record."""
    await clerk.part("words").fill("李四")
    await clerk.presses("btn-search")
    await expect(clerk.part("found")).to_contain_text("没有找到")
    await clerk.part("words").fill("(2026) 民初27")
    await clerk.part("archive-state").select_option("film_ready")
    await clerk.presses("btn-search")
    await expect(clerk.part(f"record-{hearing_id}")).to_contain_text("已封存", timeout=PATIENCE_MS)
    assert await clerk.page.evaluate(OVERFLOW) <= 0
    await clerk.part(f"record-{hearing_id}").get_by_role("link").click()
    await clerk.sees("film")
    assert not await axe.harm_in_both(clerk.page)


async def until(clerk: Person, is_so: str) -> None:
    """The page's policy forbids the polling that Playwright would do in it."""
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while not await clerk.page.evaluate(is_so):
            await asyncio.sleep(0.05)


async def comes_to(clerk: Person, second: float) -> None:
    await until(clerk, f"Math.abs(({PLACE}) - {second}) < 0.5")


async def goes_from_mark_to_mark(clerk: Person, film_s: dict[str, float]) -> None:
    """The note and the recess are where they happened; keys move the film; the court's clock goes along."""
    await until(clerk, "document.querySelector('[data-testid=film]').readyState >= 1")
    await clerk.part("mark-note").click()
    await comes_to(clerk, film_s["note"])
    await expect(clerk.part("mark-note")).to_have_attribute("aria-current", "true")
    await expect(clerk.part("mark-note")).to_contain_text("借条原件当庭出示")
    spoken = await clerk.part("court-time").inner_text()
    await clerk.part("mark-recess").click()
    await comes_to(clerk, film_s["recess"])
    await expect(clerk.part("court-time")).to_contain_text("未录制：休庭")
    await clerk.page.keyboard.press("Home")
    await comes_to(clerk, 0)
    await clerk.page.keyboard.press("l")
    await expect(clerk.part("court-time")).not_to_have_text(spoken)
    await clerk.page.keyboard.press("Home")
    await clerk.part("speed").select_option("2")
    await clerk.page.keyboard.press("k")
    await expect(clerk.part("btn-play")).to_have_attribute("aria-pressed", "true")
    await until(clerk, f"({PLACE}) > 1")
    await clerk.page.keyboard.press("k")
    await clerk.part("marks-notes").click()
    await expect(clerk.part("marks").locator("li")).to_have_count(1)
    assert await clerk.page.evaluate(OVERFLOW) <= 0


async def hears_one_speaker(clerk: Person, manifest: Any) -> None:
    track = next(track for track in manifest["tracks"] if track["kind"] == "audio" and track["role"] == "plaintiff")
    await clerk.part(f"speaker-{track['participant_id']}").locator("summary").first.click()
    await clerk.presses(f"btn-listen-{track['track_id']}")
    await until(clerk, "document.querySelector('.track audio')?.currentTime > 0.2")
    await clerk.presses(f"btn-listen-{track['track_id']}")


async def takes(clerk: Person, path: Path, button: str, purpose: str, reason: str) -> Path:
    """State a purpose; the browser saves what it is given."""
    await clerk.presses(button)
    await clerk.presses("btn-confirm")  # nothing is given without a purpose
    await clerk.sees("dialog-copy")
    await clerk.part("copy-purpose").select_option(purpose)
    await clerk.part("copy-reason").fill(reason)
    async with clerk.page.expect_download(timeout=MAKING_MS) as saving:
        await clerk.presses("btn-confirm")
    await (await saving.value).save_as(path)
    await expect(clerk.part("copies")).to_contain_text("已全部传送", timeout=PATIENCE_MS)
    return path
