"""Order in court, in real browsers: hands, floor mode, locked microphones, a warning, a second device, a removal."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.bed.browsers import PATIENCE_MS, PHONE, Person
from tests.bed.court_server import CourtServer
from tests.bed.fake_devices import LOOKS
from tests.e2e.conftest import Enter
from tests.e2e.test_three_in_court import rises, seat_ids

pytestmark = pytest.mark.e2e


async def answers(person: Person, reason: str | None = None) -> None:
    """Fill in the reason if one is asked for, and confirm the dialog."""
    if reason is not None:
        await person.part("note").last.fill(reason)
    await person.presses("btn-confirm")


async def falls_silent(person: Person) -> None:
    """From some moment on nothing of the others' sound arrives: over two seconds not one packet."""
    async with asyncio.timeout(60):
        before = -1.0
        while (now := (await person.received())["audio"]) != before:
            before = now
            await asyncio.sleep(2)


async def hears_only(listener: Person, speaker: str, silent: str, tone_hz: float) -> None:
    """The one's tone arrives; of the other, nothing louder than its faintest trace."""
    hz, level = await listener.tone_from(speaker)
    assert abs(hz - tone_hz) < 60, (hz, level)
    _, other = await listener.tone_from(silent)
    assert other < level - 40, (level, other)


async def test_the_judge_keeps_order(server: CourtServer, enter: Enter) -> None:
    demo = await server.demo()
    ids = await seat_ids(demo["links"], server.url)
    judge = await enter("judge")
    plaintiff, defendant = await enter("plaintiff", phone=True), await enter("defendant", phone=True, language="en")
    for person in (plaintiff, defendant, judge):
        await person.goes_in(demo["links"][person.role])
    await plaintiff.sees("waiting-room")
    await defendant.sees("waiting-room")
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    for person in (plaintiff, defendant):
        await person.sees("courtroom")
        await expect(person.part("countdown")).to_have_count(0, timeout=PATIENCE_MS)
    await rises(judge, "audio", 50)

    # Hands, in their order; in floor mode nobody is heard but who is called.
    await defendant.presses("btn-hand")
    await judge.sees(f"hand-{ids['defendant']}")
    await plaintiff.presses("btn-hand")
    await expect(plaintiff.part("hand-place")).to_have_text("2", timeout=PATIENCE_MS)
    await judge.presses("switch-floor-mode")
    await plaintiff.sees("sign-floor-mode")
    await falls_silent(judge)
    await judge.presses("btn-call-next")
    await defendant.sees("floor-line")
    await expect(plaintiff.part("hand-place")).to_have_text("1", timeout=PATIENCE_MS)
    await rises(judge, "audio", 50)
    await hears_only(judge, ids["defendant"], ids["plaintiff"], LOOKS["defendant"].tone_hz)
    await judge.presses("btn-take-floor")
    await falls_silent(judge)
    await judge.presses("switch-floor-mode")
    await rises(judge, "audio", 50)

    # Locked: who is muted stays so, and the button says why.
    await plaintiff.presses("btn-mic")
    await judge.presses("switch-lock")
    await expect(plaintiff.part("btn-mic")).to_be_disabled(timeout=PATIENCE_MS)
    await judge.presses(f"btn-call-{ids['plaintiff']}")
    await expect(plaintiff.part("btn-mic")).to_be_enabled(timeout=PATIENCE_MS)
    await judge.presses("switch-lock")

    # A warning is read in plain words and confirmed.
    await judge.page.locator(f"li:has([data-testid=btn-warn-{ids['defendant']}]) summary").click()
    await judge.presses(f"btn-warn-{ids['defendant']}")
    await answers(judge, "Interrupting the plaintiff")
    await expect(defendant.part("warning-card")).to_contain_text("Interrupting the plaintiff", timeout=PATIENCE_MS)
    await defendant.presses("btn-warning-seen")
    await defendant.does_not_see("warning-card")

    # A second device with the same link waits at the door until the court lets it in; the first one ends.
    second = await asks_on_another_phone(plaintiff, demo["links"]["plaintiff"])
    await expect(second.get_by_test_id("seat-taken")).to_be_visible(timeout=PATIENCE_MS)
    await plaintiff.sees(f"takeover-{ids['plaintiff']}")
    await judge.presses(f"btn-takeover-grant-{ids['plaintiff']}")
    await expect(second.get_by_test_id("courtroom")).to_be_visible(timeout=PATIENCE_MS)
    await expect(plaintiff.part("gone-page").locator("[data-reason=superseded]")).to_be_visible(timeout=PATIENCE_MS)

    # Removed, with the reason.
    await judge.presses(f"btn-remove-{ids['defendant']}")
    await answers(judge, "Disturbing the hearing")
    await expect(defendant.part("removed-for")).to_contain_text("Disturbing the hearing", timeout=PATIENCE_MS)
    assert judge.complaints == []


async def asks_on_another_phone(person: Person, link: str) -> Page:
    """The same person's link, opened in a browser that knows nothing of the first."""
    context = await person.browser.new_context(locale="zh-CN", **PHONE)  # type: ignore[arg-type]
    await context.grant_permissions(["camera", "microphone"])
    page = await context.new_page()
    await page.goto(link)
    return page
