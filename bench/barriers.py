"""Every screen of the walk in every size: serious findings of axe-core, and what doesn't fit.

`python -m bench.barriers [PART ...]`; the parts are those of `tests/bed/walk/parts.py`. Prints a line for each.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

from tests.bed.inspector import Inspector
from tests.bed.walk.parts import PARTS, walks


async def main(parts: list[str]) -> None:
    async with async_playwright() as playwright:
        for part in parts or list(PARTS):
            inspector = Inspector()
            with tempfile.TemporaryDirectory() as folder:
                await walks(part, playwright, Path(folder), inspector.passes)
            print(f"{part}: {len(inspector.found)}", *inspector.found, sep="\n  ")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
