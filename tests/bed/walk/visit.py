"""A walk through every screen: a court, people in real browsers, and somebody who looks at each screen as it comes.

Who looks is told: `bench.screens` takes pictures, `tests/e2e/test_accessibility.py` looks for harm. A screen is added
by one line `await visit.looks(person, "name")` in a station, or by a station of its own in `parts.py`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Playwright, expect

from tests.bed.browsers import DESKTOP, PATIENCE_MS, Person, enters
from tests.bed.court_server import CourtServer
from tests.bed.fake_devices import SMALL

PHONE, DESK, LYING = "phone", "desktop", "landscape"
SHAPES: dict[str, tuple[int, int]] = {PHONE: (360, 640), DESK: (1440, 900), LYING: (640, 360)}
"""Width and height in CSS pixels."""
BOTH = (PHONE, DESK)
EVERY = (PHONE, DESK, LYING)

Look = Callable[[Person, str, Sequence[str]], Awaitable[None]]
"""Person, the screen's name, the shapes it is looked at in; the page is given back in light and in its first size."""


@dataclass
class Visit:
    """One walk: where it leads, who looks, and who has come in so far."""

    server: CourtServer
    playwright: Playwright
    folder: Path
    look: Look
    doors: AsyncExitStack
    people: dict[str, Person] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    hearing_id: str = ""

    async def enters(self, role: str, **wishes: Any) -> Person:
        """A browser for one person, closed at the end of the walk."""
        person = await enters(self.playwright, role, self.folder, **{"lens": SMALL, **wishes})
        self.doors.push_async_callback(person.close)
        self.people[role] = person
        return person

    async def beside(self, host: str, role: str, **wishes: Any) -> Person:
        """Another person in the browser of one who is here: cheaper, with the same camera."""
        browser = self.people[host].browser
        context = await browser.new_context(**{"locale": "zh-CN", **DESKTOP, **wishes})
        await context.grant_permissions(["camera", "microphone"])
        person = Person(role, browser, context, await context.new_page())
        self.people[role] = person
        return person

    async def looks(self, person: Person, name: str, shapes: Sequence[str] = BOTH) -> None:
        """This screen, as it stands now; then the page has the size of a desktop again."""
        await self.look(person, name, shapes)
        await self.sized(person, DESK)

    async def asked(self, person: Person, button: str, name: str) -> None:
        """The question behind a button that stands elsewhere on a phone: pressed and looked at there, not answered."""
        await self.sized(person, PHONE)
        await person.presses(button)
        await self.look(person, name, (PHONE,))
        await self.sized(person, PHONE)

    async def sized(self, person: Person, shape: str) -> None:
        width, height = SHAPES[shape]
        await person.page.set_viewport_size({"width": width, "height": height})


async def until_still(person: Person) -> None:
    """Until the news of what has just happened are gone, so that no picture holds them."""
    await expect(person.part("toast")).to_have_count(0, timeout=PATIENCE_MS)


async def speaks(person: Person, language: str) -> None:
    """Pressed by script, because an open dialog lies over the button."""
    has_switch = await person.page.evaluate("Boolean(document.querySelector('[data-testid=btn-language]'))")
    if has_switch and await person.page.evaluate("document.documentElement.lang") != language:
        await person.page.evaluate("document.querySelector('[data-testid=btn-language]').click()")


async def confirms(person: Person) -> None:
    """Say yes to every question that is asked now, until none is."""
    async with asyncio.timeout(60):
        while await person.part("btn-confirm").count():
            await person.part("btn-confirm").last.click(timeout=PATIENCE_MS)
            await asyncio.sleep(0.3)
