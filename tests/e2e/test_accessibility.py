"""Nobody is kept out of court: every page is looked at by axe-core, and a whole hearing is held by keyboard alone."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect

from tests.bed import axe
from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.court_server import CourtServer
from tests.bed.inspector import Inspector
from tests.bed.walk.parts import walks
from tests.e2e.conftest import Enter
from tests.e2e.test_three_in_court import seat_ids

pytestmark = pytest.mark.e2e

MOST_TABS = 120
HELD = "document.activeElement?.dataset?.testid ?? document.activeElement?.name ?? ''"


async def reaches(person: Person, testid: str) -> None:
    """Tab on until this element has the focus; it must be visible there."""
    for _ in range(MOST_TABS):
        if await person.page.evaluate(HELD) == testid:
            await expect(person.page.locator(":focus")).to_be_in_viewport(timeout=PATIENCE_MS)
            return
        await person.page.keyboard.press("Tab")
    raise AssertionError(f"{testid} can't be reached by Tab")


async def strikes(person: Person, *testids: str) -> None:
    """Go to each of these in turn and press Enter on it."""
    for testid in testids:
        await person.sees(testid)
        await reaches(person, testid)
        await person.page.keyboard.press("Enter")


async def gone(person: Person, testid: str) -> None:
    await expect(person.part(testid)).to_have_count(0, timeout=PATIENCE_MS)


@pytest.mark.parametrize("part", ["outside", "lobby"])
async def test_every_screen(part: str, tmp_path: Path) -> None:
    """The same walk of which `docs/screens` is made, as far as nobody must sit in court for minutes.

    The courtroom is looked at during the hearing below, gallery and record in tests of their own;
    `python -m bench.barriers` walks through all parts in every size.
    """
    inspector = Inspector()
    async with async_playwright() as playwright:
        await walks(part, playwright, tmp_path, inspector.passes)
    assert not inspector.found, "\n".join(inspector.found)


async def test_the_desk_by_keyboard(server: CourtServer, enter: Enter) -> None:
    await server.demo()
    clerk = await enter("clerk")
    await clerk.page.goto(server.url)
    await strikes(clerk, "btn-language")
    await expect(clerk.page.locator("html")).to_have_attribute("lang", "en", timeout=PATIENCE_MS)
    await clerk.page.goto(f"{server.url}/desk")
    await reaches(clerk, "user_name")
    await clerk.page.keyboard.type("clerk")
    await clerk.page.keyboard.press("Tab")
    await clerk.page.keyboard.type(server.staff_password())
    await clerk.page.keyboard.press("Enter")
    await clerk.sees("hearings")
    await strikes(clerk, "btn-new-case")
    await clerk.sees("new-case")
    await strikes(clerk, "btn-theme")
    await expect(clerk.page.locator("#dark")).to_have_attribute("media", "all", timeout=PATIENCE_MS)
    assert await axe.harm(clerk.page) == [], "dark by choice"


async def test_a_whole_hearing_by_keyboard_alone(server: CourtServer, enter: Enter) -> None:
    demo = await server.demo()
    ids = await seat_ids(demo["links"], server.url)
    inspector = Inspector()
    judge, defendant = await enter("judge"), await enter("defendant", language="en")
    await go_in(inspector, judge, defendant, demo["links"])
    await keys_of_the_court(judge, defendant, ids)
    await strikes(judge, "btn-next-phase")
    await expect(defendant.part("announcer")).to_contain_text("Part of the hearing", timeout=PATIENCE_MS)
    await strikes(judge, "btn-recess", "btn-confirm")
    await defendant.sees("recess-overlay")
    await inspector.looks(defendant, "the recess")
    await strikes(judge, "btn-resume")
    await gone(defendant, "recess-overlay")
    await gone(judge, "countdown")
    await closes(judge)
    for person in (judge, defendant):
        await person.sees("closed-page")
        await inspector.looks(person, "after the hearing")
    assert inspector.found == []
    assert judge.complaints == []


async def closes(judge: Person) -> None:
    """A slow machine's record may have broken off: its statement is confirmed first, by the same key."""
    await strikes(judge, "btn-close")
    async with asyncio.timeout(2 * PATIENCE_MS / 1000):
        while await judge.part("closed-page").count() == 0:
            if await judge.page.evaluate(HELD) == "btn-confirm":
                await judge.page.keyboard.press("Enter")
            else:
                await judge.page.keyboard.press("Tab")


async def go_in(inspector: Inspector, judge: Person, defendant: Person, links: dict[str, str]) -> None:
    """From the link into a court in session; the party on a page as small as a phone's."""
    await defendant.page.set_viewport_size({"width": 360, "height": 640})
    await defendant.page.goto(links["defendant"])
    await defendant.sees("join-enter")
    await inspector.looks(defendant, "the preview")
    await strikes(defendant, "join-enter")
    await defendant.sees("waiting-room")
    await inspector.looks(defendant, "the waiting room")

    await judge.page.goto(links["judge"])
    await strikes(judge, "join-enter")
    await judge.sees("courtroom")
    await inspector.looks(judge, "before the hearing")
    await strikes(judge, "btn-open")
    await judge.sees("dialog-open")
    await inspector.looks(judge, "the question before the opening")
    await strikes(judge, "btn-confirm")
    for person in (judge, defendant):
        await person.sees("courtroom")
        await gone(person, "countdown")
    await inspector.looks(judge, "the judge in session")
    await inspector.looks(defendant, "a party in session")


async def keys_of_the_court(judge: Person, defendant: Person, ids: dict[str, Any]) -> None:
    """One letter for what is needed often; never while a dialog is open or somebody types."""
    await defendant.page.keyboard.press("h")
    await judge.sees(f"hand-{ids['defendant']}")
    await defendant.page.keyboard.press("m")
    await expect(defendant.part("btn-mic")).to_have_attribute("aria-pressed", "false", timeout=PATIENCE_MS)
    await defendant.page.keyboard.press("c")
    await defendant.sees("help-dialog")
    await strikes(defendant, "btn-diagnose")
    await expect(defendant.part("incident-number")).to_have_text(re.compile(r"\w{3} \w{3}"), timeout=PATIENCE_MS)
    number = (await defendant.part("incident-number").inner_text()).replace(" ", "")
    await reaches(defendant, "message-text")
    await defendant.page.keyboard.type("my hand hurts")
    await defendant.page.keyboard.press("Escape")
    await gone(defendant, "help-dialog")
    await expect(defendant.part("btn-hand")).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)

    await judge.page.keyboard.press("l")
    await expect(judge.part("tiles")).to_have_class("tiles count-2 speaker", timeout=PATIENCE_MS)
    await expect(judge.page.locator(".tile.lead")).to_have_attribute("data-testid", f"tile-{ids['defendant']}")
    await judge.page.keyboard.press("?")
    await judge.sees("keys-sheet")
    await judge.page.keyboard.press("Escape")
    await gone(judge, "keys-sheet")
    await strikes(judge, f"more-{ids['defendant']}", f"btn-connectivity-{ids['defendant']}")
    await expect(judge.part("connectivity-finding")).to_be_visible(timeout=PATIENCE_MS)
    await judge.sees(f"incident-{number}")
    await judge.page.keyboard.press("Escape")
    await gone(judge, "connectivity")
