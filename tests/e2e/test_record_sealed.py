"""The clerk proposes to seal a span, the judge grants it: the others see a marked hole, and why; then it is lifted."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from cloudcourt.domain.log_note import AddNote
from tests.bed.archive import PASSWORD, Archive, admits, archive_of
from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.rtp_source import RtpSource
from tests.bed.small_court import small_court
from tests.e2e.conftest import Enter

pytestmark = pytest.mark.e2e

MAKING_MS = 90_000
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    """One short hearing with a note in it, filmed and sealed; the server is up."""
    data_dir = tmp_path / "court"
    data_dir.mkdir()
    async with small_court(data_dir, case_number="（2026）云0101民初28号") as court:
        sources = [RtpSource(court.judge), RtpSource(court.plaintiff)]
        await court.enters(court.judge, court.clerk, court.plaintiff)
        await court.opens()
        await court.speaks(sources, 3)
        await court.asks(court.clerk, AddNote(text="客户名单当庭出示"))
        await court.speaks(sources, 3)
        await court.closes()
        seats = await admits(court)
    async with archive_of(data_dir, seats) as archive:
        yield archive


async def test_a_span_is_proposed_sealed_seen_as_a_hole_and_unsealed(archive: Archive, enter: Enter) -> None:
    clerk, judge = await enter("clerk", phone=True), await enter("judge", language="en")
    record = f"{archive.server.url}/recordings#{archive.hearing_id}"
    await clerk.page.goto(record)
    await clerk.part("user_name").fill("zhaomin")
    await clerk.part("password").fill(PASSWORD)
    await clerk.presses("btn-sign-in")
    await expect(clerk.part("mark-note")).to_contain_text("客户名单", timeout=PATIENCE_MS)
    await marks_a_span(clerk, 1, 5)
    await clerk.presses("btn-seal")
    await clerk.part("order-ground").select_option("trade_secret")
    await clerk.part("order-reason").fill("当事人提出商业秘密")
    await clerk.presses("btn-confirm")
    await expect(clerk.part("proposal-1")).to_contain_text("商业秘密：当事人提出商业秘密", timeout=PATIENCE_MS)
    await expect(clerk.part("holes")).to_have_count(0)
    assert await clerk.page.evaluate(OVERFLOW) <= 0

    await judge.page.goto(archive.judge_link)
    await judge.part("closed-page").wait_for(timeout=PATIENCE_MS)
    await judge.page.goto(record)
    await judge.presses("btn-answer-1")
    await judge.part("verdict-grant").check()
    await judge.part("answer-reason").fill("理由成立")
    await judge.presses("btn-confirm")
    await expect(judge.part("order-1")).to_contain_text("Trade secret", timeout=PATIENCE_MS)
    await expect(judge.part("hole-1")).to_be_visible()
    await expect(judge.part("mark-note")).to_contain_text("客户名单")

    await clerk.page.reload()
    await expect(clerk.part("film")).to_be_visible(timeout=MAKING_MS)
    await expect(clerk.part("holes")).to_contain_text("商业秘密")
    await expect(clerk.part("mark-note")).to_contain_text("内容依令封存")
    await clerk.part("holes").get_by_role("button").click()
    await expect(clerk.part("in-hole")).to_contain_text("依第1号令封存", timeout=PATIENCE_MS)
    assert await clerk.page.evaluate(OVERFLOW) <= 0

    await judge.presses("btn-hold")
    await judge.part("order-reason").fill("Appeal pending")
    await judge.presses("btn-confirm")
    await expect(judge.part("hold-state")).to_have_attribute("data-held", "true", timeout=PATIENCE_MS)
    await judge.presses("btn-lift-1")
    await judge.part("order-reason").fill("No longer secret")
    await judge.presses("btn-confirm")
    await expect(judge.part("hole-1")).to_have_count(0, timeout=PATIENCE_MS)
    await clerk.page.reload()
    await expect(clerk.part("mark-note")).to_contain_text("客户名单", timeout=PATIENCE_MS)
    await expect(clerk.part("hold-state")).to_contain_text("保全中")
    assert not [c for person in (clerk, judge) for c in person.complaints if "401" not in c]


async def marks_a_span(person: Person, from_s: float, to_s: float) -> None:
    for end, second in (("from", from_s), ("to", to_s)):
        await person.part("seek").fill(str(second))
        await person.presses(f"btn-seal-{end}")
        await person.sees(f"seal-{end}")
