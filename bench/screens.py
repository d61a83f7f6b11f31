"""Pictures of every screen for `docs/screens`: `python -m bench.screens FOLDER`, in two languages, phone and desktop.

A demonstration hearing is held in real browsers; each screen is kept as a small WebP at its true size.
"""

import asyncio
import io
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from PIL import Image
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Playwright, async_playwright, expect

from tests.bed.browsers import PATIENCE_MS, Person, enters
from tests.bed.court_server import CourtServer

SIZES = {"phone": (360, 640), "desktop": (1440, 900)}
LANGUAGES = {"zh": "zh-CN", "en": "en"}
BYTES_LIMIT = 60_000
SETTLES_S = 0.6
CHECK_IN_STEPS = 30


class Album:
    """Where the pictures go."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def takes(self, person: Person, name: str, *, sizes: tuple[str, ...] = tuple(SIZES)) -> None:
        """One screen in both sizes and languages, in light; the phone's Chinese one in dark too."""
        page = person.page
        for size in sizes:
            width, height = SIZES[size]
            await page.set_viewport_size({"width": width, "height": height})
            for short, language in LANGUAGES.items():
                await self._speaks(person, language)
                await self._keeps(person, f"{name}-{size}-{short}")
            if size == "phone":
                await page.emulate_media(color_scheme="dark")
                await self._speaks(person, "zh-CN")
                await self._keeps(person, f"{name}-{size}-dark")
                await page.emulate_media(color_scheme="light")

    async def _speaks(self, person: Person, language: str) -> None:
        """Pressed by script, because an open dialog lies over the button."""
        if await person.page.evaluate("document.documentElement.lang") != language:
            await person.page.evaluate("document.querySelector('[data-testid=btn-language]').click()")

    async def _keeps(self, person: Person, name: str) -> None:
        await asyncio.sleep(SETTLES_S)
        picture = Image.open(io.BytesIO(await person.page.screenshot()))
        for quality in (80, 60, 40):
            packed = io.BytesIO()
            picture.save(packed, "WEBP", quality=quality, method=6)
            if packed.tell() <= BYTES_LIMIT:
                break
        (self._folder / f"{name}.webp").write_bytes(packed.getvalue())
        print(name, packed.tell())


async def desk(album: Album, playwright: Playwright, server: CourtServer, folder: Path) -> None:
    """The pages that need no hearing, and the clerk's desk."""
    clerk = await enters(playwright, "clerk", folder)
    for name, path in (("home", "/"), ("verify", "/verify"), ("link-refused", "/join#AAAAAAAAAAAAAAAAAAAAAA")):
        await clerk.page.goto("about:blank")
        await clerk.page.goto(f"{server.url}{path}")
        await album.takes(clerk, name)
    await clerk.page.goto(f"{server.url}/desk")
    await album.takes(clerk, "sign-in")
    await clerk.part("user_name").fill("clerk")
    await clerk.part("password").fill(server.staff_password())
    await clerk.page.keyboard.press("Enter")
    await clerk.sees("hearings")
    await album.takes(clerk, "desk")
    await clerk.page.goto(f"{server.url}/recordings")
    await asyncio.sleep(2)
    await album.takes(clerk, "record-room")
    await clerk.close()


async def check_in(album: Album, playwright: Playwright, folder: Path) -> None:
    """Every step of a full check-in, and the waiting room behind it."""
    server = CourtServer(folder / "full", check_in="full")
    await server.start()
    try:
        links = (await server.demo())["links"]
        defendant = await enters(playwright, "defendant", folder)
        await defendant.page.goto(links["defendant"])
        await defendant.sees("check-in")
        seen: set[str] = set()
        for _ in range(CHECK_IN_STEPS):
            with suppress(PlaywrightError, AssertionError):  # the step changes, or its button rests, or it was the last
                step = str(await defendant.part("check-in").get_attribute("data-step", timeout=3_000))
                if step not in seen:
                    seen.add(step)
                    await album.takes(defendant, f"check-in-{len(seen)}-{step}", sizes=("phone",))
                await defendant.part("btn-next").click(timeout=3_000)
                await expect(defendant.part("check-in")).not_to_have_attribute("data-step", step, timeout=5_000)
        await album.takes(defendant, "waiting")
        await defendant.close()
    finally:
        await server.stop()


async def hearing(album: Album, playwright: Playwright, server: CourtServer, folder: Path) -> None:
    """From the preview to the page after the close, as the judge and as a party."""
    links = (await server.demo())["links"]
    judge, defendant = await enters(playwright, "judge", folder), await enters(playwright, "defendant", folder)
    await defendant.page.goto(links["defendant"])
    await defendant.sees("join-enter")
    await album.takes(defendant, "preview")
    await defendant.presses("join-enter")
    await judge.goes_in(links["judge"])
    await judge.sees("courtroom")
    await album.takes(judge, "before-the-opening")
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await defendant.sees("courtroom")
    await expect(defendant.part("countdown")).to_have_count(0, timeout=PATIENCE_MS)
    await asyncio.sleep(6)  # the first news have gone
    await album.takes(defendant, "court-party")
    await album.takes(judge, "court-judge")
    await judge.page.set_viewport_size({"width": 360, "height": 640})
    await judge.presses("btn-panel")
    for tab in ("floor", "people", "phases", "more"):
        await judge.presses(f"tab-{tab}")
        await album.takes(judge, f"panel-{tab}", sizes=("phone",))
    await judge.presses("btn-panel-close")
    for button, name in (("btn-help", "help"), ("btn-devices", "devices-and-view")):
        await defendant.presses(button)
        await album.takes(defendant, name, sizes=("phone",))
        await defendant.page.keyboard.press("Escape")
    await ends(album, judge, defendant)


async def ends(album: Album, judge: Person, defendant: Person) -> None:
    """Keys, recess and close."""
    await judge.page.set_viewport_size({"width": 1440, "height": 900})
    await judge.page.reload()
    await judge.sees("btn-recess")
    await judge.page.keyboard.press("?")
    await album.takes(judge, "keys", sizes=("desktop",))
    await judge.page.keyboard.press("Escape")
    await judge.presses("btn-recess")
    await judge.presses("btn-confirm")
    await defendant.sees("recess-overlay")
    await album.takes(defendant, "recess")
    await judge.presses("btn-close")
    await judge.presses("btn-confirm")
    await defendant.sees("closed-page")
    await album.takes(defendant, "after-the-close")
    await judge.close()
    await defendant.close()


async def main(folder: Path) -> None:
    """Take all pictures anew."""
    album = Album(folder)
    with tempfile.TemporaryDirectory() as kept:
        server = CourtServer(Path(kept) / "court")
        await server.start()
        try:
            async with async_playwright() as playwright:
                await server.demo()
                await desk(album, playwright, server, Path(kept))
                await check_in(album, playwright, Path(kept))
                await hearing(album, playwright, server, Path(kept))
        finally:
            await server.stop()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
