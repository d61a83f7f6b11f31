"""A lawyer who is late, kept apart from a party, and replaced, while the court sits: from the board, in browsers."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.court_server import CourtServer
from tests.bed.fake_devices import LOOKS
from tests.e2e.conftest import Enter
from tests.e2e.test_three_in_court import hears_again, rises, seat_ids

pytestmark = pytest.mark.e2e


async def seats(judge: Person, button: str, name: str, reason: str = "") -> str:
    """On the board: who it is, and the link that is shown then."""
    await judge.presses("btn-board")
    await judge.presses(button)
    await judge.part("seat-name").fill(name)
    if reason:
        await judge.part("seat-reason").fill(reason)
    elif await judge.part("seat-tie").count():
        await judge.part("seat-tie").select_option("a")
    await judge.presses("btn-confirm")
    await judge.sees("seat-qr")
    link = str(await judge.part("seat-link").text_content())
    await judge.presses("btn-confirm")
    await judge.presses("btn-board-close")
    return link


async def card_of(judge: Person, name: str) -> str:
    """A person's id, from their card on the board."""
    card = judge.page.locator("[data-testid=board] li.board-card", has_text=name)
    return str(await card.get_attribute("data-testid", timeout=PATIENCE_MS)).removeprefix("board-")


async def falls_quiet(listener: Person, speaker: str) -> None:
    """From some moment on nothing but the faintest trace of them is there."""
    async with asyncio.timeout(60):
        while (await listener.tone_from(speaker))[1] > -90:
            await asyncio.sleep(0.2)


async def test_a_late_lawyer_is_heard_kept_apart_and_replaced(server: CourtServer, enter: Enter) -> None:
    demo = await server.demo()
    ids = await seat_ids(demo["links"], server.url)
    judge, defendant = await enter("judge"), await enter("defendant", phone=True, language="en")
    for person in (defendant, judge):
        await person.goes_in(demo["links"][person.role])
    await defendant.sees("waiting-room")
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await defendant.sees("courtroom")
    await expect(defendant.part("countdown")).to_have_count(0, timeout=PATIENCE_MS)
    await rises(judge, "audio", 50)

    link = await seats(judge, "btn-add-late", "何静")
    lawyer = await enter("representative")
    await lawyer.goes_in(link)
    await lawyer.sees("waiting-room")
    await judge.presses("btn-board")
    lawyer_id = await card_of(judge, "何静")
    await judge.presses("btn-board-close")
    await judge.presses(f"btn-admit-{lawyer_id}")
    await lawyer.sees("courtroom")
    await asyncio.gather(rises(lawyer, "audio", 50), rises(lawyer, "frames", 20))
    await hears_again(defendant, lawyer_id, LOOKS["representative"].tone_hz)
    await hears_again(lawyer, ids["defendant"], LOOKS["defendant"].tone_hz)

    await judge.presses("btn-board")
    await judge.presses(f"btn-apart-{lawyer_id}")
    await judge.presses(f"apart-{ids['defendant']}")
    await judge.presses("btn-confirm")
    await expect(judge.part(f"board-{lawyer_id}")).to_contain_text("王建国", timeout=PATIENCE_MS)
    await judge.presses("btn-board-close")
    await falls_quiet(defendant, lawyer_id)
    await hears_again(judge, lawyer_id, LOOKS["representative"].tone_hz)

    await seats(judge, f"btn-replace-{lawyer_id}", "吴敏", reason="律师突发疾病")
    await lawyer.sees("gone-page")
    await expect(defendant.part(f"tile-{lawyer_id}")).to_have_count(0, timeout=PATIENCE_MS)
    assert not [c for person in (judge, defendant) for c in person.complaints]
