"""Pictures of every screen for `docs/screens`: `python -m bench.screens FOLDER [PART ...]`, in two languages.

Demonstration hearings are held in real browsers (`tests/bed/walk`); each screen is kept as a small WebP at its true
size, and all of them are listed in the folder's README. Parts: outside, lobby, court, record; without any, all of them.
"""

import asyncio
import io
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright

from bench.screens_page import write_page
from tests.bed.browsers import Person
from tests.bed.walk.parts import PARTS, walks
from tests.bed.walk.visit import LYING, PHONE, SHAPES, speaks

LANGUAGES = {"zh": "zh-CN", "en": "en"}
BYTES_LIMIT = 40_000
SETTLES_S = 0.35


class Album:
    """Where the pictures go."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._began = time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)

    async def takes(self, person: Person, name: str, shapes: Sequence[str]) -> None:
        """One screen in each shape, in both languages, in light; the phone's Chinese one in dark too.

        A phone that lies on its side is kept in Chinese alone.
        """
        for shape in shapes:
            width, height = SHAPES[shape]
            await person.page.set_viewport_size({"width": width, "height": height})
            for short, language in LANGUAGES.items():
                if shape == LYING and short != "zh":
                    continue
                await speaks(person, language)
                await self._keeps(person, f"{name}-{shape}-{short}")
            if shape == PHONE:
                await person.page.emulate_media(color_scheme="dark")
                await speaks(person, "zh-CN")
                await self._keeps(person, f"{name}-{shape}-dark")
                await person.page.emulate_media(color_scheme="light")
        await speaks(person, "zh-CN")
        print(f"{time.monotonic() - self._began:.0f} s {name}", flush=True)

    async def _keeps(self, person: Person, name: str) -> None:
        await asyncio.sleep(SETTLES_S)
        picture = Image.open(io.BytesIO(await person.page.screenshot()))
        for quality in (80, 60, 40):
            packed = io.BytesIO()
            picture.save(packed, "WEBP", quality=quality, method=4)
            if packed.tell() <= BYTES_LIMIT:
                break
        (self._folder / f"{name}.webp").write_bytes(packed.getvalue())


async def main(folder: Path, parts: list[str]) -> None:
    """Take the pictures anew, and write the page that shows them."""
    album = Album(folder)
    async with async_playwright() as playwright:
        for part in parts or list(PARTS):
            with tempfile.TemporaryDirectory() as kept:
                await walks(part, playwright, Path(kept), album.takes)
    write_page(folder)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
