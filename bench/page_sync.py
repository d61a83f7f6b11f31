"""How long after the presenter's turn the others have painted the new page: `python -m bench.page_sync [TURNS]`.

Three real browsers at one court on this machine, so that their clocks are one. A turn begins with the presenter's
click; it is over on a page when the new picture is decoded and the frame after it has been drawn. The first turns go to
pages that nobody has seen; then the pages are turned back. The paper is of 16 pages. F56 wants 500 ms.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from statistics import quantiles

from playwright.async_api import async_playwright, expect

from tests.bed.browsers import PATIENCE_MS, Person, enters
from tests.bed.court_server import CourtServer
from tests.bed.papers import Colour, pdf

PAGES = 16
TURNS = 60
REST_S = 1.0
"""Between turns: a reader takes longer."""
WANTED_MS = 500

NOTES_TURNS = """
() => {
  window.turns = [];
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-testid=btn-page-on], [data-testid=btn-page-back]')) window.turns.push(Date.now());
  }, true);
}
"""
NOTES_PAGES = """
() => {
  window.painted = [];
  let page = document.querySelector('[data-testid=exhibit-page]')?.dataset.page;
  new MutationObserver(async () => {
    const image = document.querySelector('[data-testid=exhibit-page]');
    if (!image || image.dataset.page === page) return;
    page = image.dataset.page;
    await image.decode();
    requestAnimationFrame(() => requestAnimationFrame(() => window.painted.push(Date.now())));
  }).observe(document.body, {subtree: true, childList: true, attributes: true});
}
"""


async def main(turns: int) -> None:
    """Print the figures of each page."""
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        server = CourtServer(folder / "court")
        await server.start()
        try:
            async with async_playwright() as playwright:
                people = [
                    await enters(playwright, role, folder, phone=role == "defendant")
                    for role in ("judge", "plaintiff", "defendant")
                ]
                await _sits(server, people, folder)
                await _turns(people, turns)
                for person in people:
                    await person.close()
        finally:
            await server.stop()


async def _sits(server: CourtServer, people: list[Person], folder: Path) -> None:
    """The court is open, and the plaintiff's paper stands before it."""
    demo = await server.demo()
    judge, plaintiff, _ = people
    for person in reversed(people):
        await person.goes_in(demo["links"][person.role])
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await judge.sees("rec-sign")
    paper = folder / "paper.pdf"
    colours: tuple[Colour, ...] = tuple((40 + 13 * n, 220 - 12 * n, 90 + 9 * n) for n in range(PAGES))
    paper.write_bytes(pdf(colours))
    await plaintiff.presses("btn-exhibits")
    await plaintiff.part("exhibit-title").fill("账本")
    await plaintiff.part("file-exhibit").set_input_files(paper)
    await plaintiff.sees("exhibit-1")
    await plaintiff.presses("btn-confirm")
    await judge.presses("btn-exhibits")
    await judge.presses("btn-present-1")
    for person in people:
        await expect(person.part("exhibit-page")).to_have_attribute("data-page", "1", timeout=PATIENCE_MS)
    await judge.page.evaluate(NOTES_TURNS)
    for person in people:
        await person.page.evaluate(NOTES_PAGES)


async def _turns(people: list[Person], turns: int) -> None:
    judge, page, step = people[0], 1, 1
    is_new = []
    seen = {1}
    for _ in range(turns):
        if not 1 <= page + step <= PAGES:
            step = -step
        page += step
        is_new.append(page not in seen)
        seen.add(page)
        await judge.presses("btn-page-on" if step > 0 else "btn-page-back")
        for person in people:
            await expect(person.part("exhibit-page")).to_have_attribute("data-page", str(page), timeout=PATIENCE_MS)
        await asyncio.sleep(REST_S)
    began = await judge.page.evaluate("() => window.turns")
    print(f"{turns} turns, {sum(is_new)} of them to pages that nobody had seen; ms from the click to the painted page")
    for person in people:
        painted = await person.page.evaluate("() => window.painted")
        took = [at - from_ms for from_ms, at in zip(began, painted, strict=True)]
        for what, figures in (("new", [t for t, new in zip(took, is_new, strict=True) if new]), ("all", took)):
            _tell(f"{person.role}, {what}", figures)


def _tell(whose: str, figures: list[float]) -> None:
    cuts = quantiles(figures, n=20, method="inclusive")
    late = sum(figure > WANTED_MS for figure in figures)
    print(f"{whose:18} p50 {cuts[9]:5.0f}  p95 {cuts[18]:5.0f}  most {max(figures):5.0f}  above {WANTED_MS}: {late}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else TURNS))
