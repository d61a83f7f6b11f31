"""A page that was put away, as a phone does while another program is looked at, takes part again by itself."""

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.court_server import CourtServer
from tests.e2e.conftest import Enter
from tests.e2e.test_three_in_court import rises, seat_ids

pytestmark = pytest.mark.e2e

AWAY_S = 30

# Headless Chromium has no tab that can be covered: the page is told what it would be told, and then frozen for true.
VISIBILITY = """
(isHidden) => {
  const state = isHidden ? 'hidden' : 'visible';
  Object.defineProperty(document, 'hidden', {configurable: true, get: () => isHidden});
  Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => state});
  document.dispatchEvent(new Event('visibilitychange'));
}
"""

# What the system would do with a wake lock: hand it out, and let it go when the page is put away.
WAKE_LOCK = """
window.locks = {asked: 0, held: []};
Object.defineProperty(navigator, 'wakeLock', {configurable: true, value: {request: async () => {
  const lock = new EventTarget();
  lock.release = async () => { lock.dispatchEvent(new Event('release')); };
  window.locks.asked += 1;
  window.locks.held.push(lock);
  return lock;
}}});
document.addEventListener('visibilitychange', () => {
  if (document.hidden) window.locks.held.splice(0).forEach((lock) => lock.release());
}, true);
"""


async def test_a_page_that_was_away_hears_and_sees_again(server: CourtServer, enter: Enter) -> None:
    links = (await server.demo())["links"]
    ids = await seat_ids(links, server.url)
    judge, party = await enter("judge"), await enter("plaintiff", phone=True)
    await party.context.add_init_script(WAKE_LOCK)
    await party.goes_in(links["plaintiff"])
    await judge.goes_in(links["judge"])
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await party.sees("courtroom")
    await expect(party.part("countdown")).to_have_count(0, timeout=PATIENCE_MS)
    await rises(party, "audio", 50)
    asked = await party.page.evaluate("locks.asked")
    assert asked >= 1, "the screen is kept on in court"

    await is_away(party)
    loop = asyncio.get_running_loop()
    came_back = loop.time()
    heard_and_seen = (rises(party, "audio", 25), rises(party, "frames", 5), rises(judge, "audio", 25))
    await asyncio.gather(party.sees("toast"), *heard_and_seen)
    print(f"heard and seen again after {loop.time() - came_back:.1f} s")
    assert await party.page.evaluate("locks.held.length") == 1
    assert await party.page.evaluate("locks.asked") > asked, "asked for again after the return"
    await expect(judge.part(f"tile-{ids['plaintiff']}")).not_to_have_class(re.compile(r"\baway\b"), timeout=PATIENCE_MS)


async def is_away(person: Person) -> None:
    """Half a minute in which the page doesn't run."""
    line = await person.context.new_cdp_session(person.page)
    await person.page.evaluate(VISIBILITY, True)
    await line.send("Page.setWebLifecycleState", {"state": "frozen"})
    await asyncio.sleep(AWAY_S)
    await line.send("Page.setWebLifecycleState", {"state": "active"})
    await person.page.evaluate(VISIBILITY, False)
