"""A paper before the court: handed in, shown to all, objected to, its original shown, in the film and the record."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.court_server import CourtServer
from tests.bed.film_reader import read_film, share_of_colour
from tests.bed.papers import PAGE_COLOURS, pdf
from tests.e2e.conftest import Enter
from tests.e2e.test_record_proved import command, damaged, exported

pytestmark = pytest.mark.e2e

SIZE_OF_PAGE = "(image) => [image.getBoundingClientRect().width, image.getBoundingClientRect().height]"


async def test_a_paper_before_the_court(server: CourtServer, enter: Enter, tmp_path: Path) -> None:
    demo = await server.demo()
    judge, plaintiff = await enter("judge"), await enter("plaintiff", language="en")
    defendant = await enter("defendant", phone=True)
    everyone = (judge, plaintiff, defendant)
    for person in (plaintiff, defendant, judge):
        await person.goes_in(demo["links"][person.role])
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await judge.sees("rec-sign")
    await hands_in(plaintiff, tmp_path)

    await judge.presses("btn-exhibits")
    await judge.presses("btn-check-1-1")
    await expect(judge.part("checked-1-1")).to_have_class("exhibit-checked same", timeout=PATIENCE_MS)
    await judge.presses("btn-present-1")
    await all_see_page(everyone, 1)
    await judge.presses("btn-page-on")
    await all_see_page(everyone, 2)
    await points_and_looks_nearer(judge, defendant)
    await objects(defendant, judge)
    await shows_the_original(plaintiff, judge)
    await defendant.page.reload()
    await all_see_page(everyone, 2)
    await asyncio.sleep(4)  # so long the page stands in the film
    await judge.presses("btn-put-away")
    for person in everyone:
        await person.does_not_see("exhibit-stage")
    await judge.closes_the_hearing()
    await stands_in_the_record(server, str(demo["hearing_id"]), tmp_path)
    assert not [c for person in everyone for c in person.complaints]


async def hands_in(party: Person, folder: Path) -> None:
    paper = folder / "whatever.exe"  # what a file is called says nothing
    paper.write_bytes(pdf())
    await party.presses("btn-exhibits")
    await party.part("exhibit-title").fill("借条")
    await party.part("file-exhibit").set_input_files(paper)
    await party.sees("exhibit-1")
    await expect(party.part("exhibit-1")).to_contain_text("Exhibit 1: 借条", timeout=PATIENCE_MS)
    await expect(party.part("btn-present-1")).to_have_count(0)
    await party.presses("btn-confirm")


async def all_see_page(people: tuple[Person, ...], page: int) -> None:
    for person in people:
        await expect(person.part("exhibit-page")).to_have_attribute("data-page", str(page), timeout=PATIENCE_MS)
        width, height = await person.part("exhibit-page").evaluate(SIZE_OF_PAGE)
        assert width > 100 and height > 150, "the page is large"


async def points_and_looks_nearer(judge: Person, other: Person) -> None:
    await judge.presses("btn-nearer")
    await expect(other.part("exhibit-view")).to_have_attribute("data-zoom", "1.5", timeout=PATIENCE_MS)
    await judge.part("exhibit-page").hover(position={"x": 60, "y": 60})
    await other.sees("exhibit-pointer")
    await other.presses("btn-nearer")
    await other.sees("btn-follow")
    await expect(other.part("exhibit-view")).to_have_attribute("data-zoom", "2")
    await other.presses("btn-follow")
    await expect(other.part("exhibit-view")).to_have_attribute("data-zoom", "1.5", timeout=PATIENCE_MS)


async def objects(party: Person, judge: Person) -> None:
    await party.presses("btn-exhibits")
    await party.presses("btn-opinion-1")
    await party.part("authenticity-object").check()
    await party.part("demand-original").check()
    await expect(party.part("btn-send-opinion")).to_be_disabled()
    await party.part("opinion-reason").fill("签名不是本人所写，请出示原件。")
    await party.presses("btn-send-opinion")
    await party.sees("original-required-1")
    await party.presses("btn-confirm")
    await judge.presses("btn-exhibits")
    await judge.sees("original-required-1")
    await expect(judge.part("exhibit-1")).to_contain_text("签名不是本人所写")
    await judge.presses("btn-confirm")


async def shows_the_original(party: Person, judge: Person) -> None:
    await party.presses("btn-exhibits")
    await party.presses("btn-original-1")
    await expect(party.part("btn-shoot")).to_be_enabled(timeout=PATIENCE_MS)
    await party.presses("btn-shoot")
    await party.does_not_see("original-camera")
    await judge.presses("btn-exhibits")
    await judge.sees("btn-look-1-2")
    await judge.does_not_see("original-required-1")
    await judge.presses("btn-look-1-2")
    await judge.sees("look-page")
    await judge.presses("btn-confirm")


async def stands_in_the_record(server: CourtServer, hearing_id: str, folder: Path) -> None:
    bundle = folder / "record.zip"
    await exported(server, hearing_id, bundle)
    code, said = await command("verify", bundle)
    assert code == 0, said
    record = server.data_dir / "hearings" / hearing_id
    film = await asyncio.to_thread(read_film, record / "composite.mp4", 12)
    assert max(share_of_colour(frame, PAGE_COLOURS[1]) for frame in film.frames) > 0.08, "page 2 stands in the film"
    (paper,) = (path.relative_to(record).as_posix() for path in (record / "exhibits").glob("*.pdf"))
    code, said = await command("verify", damaged(bundle, folder / "damaged.zip", paper))
    assert code == 1 and paper in said, said
