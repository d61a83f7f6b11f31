"""A party's screen before the court, in real Chromium: by leave, seen by all, gone with the leave, and in the film."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from media.record.sidecar import read_sidecars
from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.court_server import CourtServer
from tests.bed.film_reader import read_film, share_of_colour
from tests.e2e.conftest import Enter
from tests.e2e.test_record_proved import command, exported

pytestmark = pytest.mark.e2e

TITLE = "Ledger"
PAPER = (150, 40, 200)
LEDGER = f"data:text/html,<title>{TITLE}</title><body style='background:rgb{PAPER}'>"
"""A page that stands perfectly still, as a document does."""

MIDDLE = """
(video) => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1});
  const brush = canvas.getContext('2d');
  brush.drawImage(video, video.videoWidth / 2, video.videoHeight / 2, 1, 1, 0, 0, 1, 1);
  return [...brush.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}
"""


async def test_a_screen_before_the_court(server: CourtServer, enter: Enter, tmp_path: Path) -> None:
    demo = await server.demo()
    judge, plaintiff = await enter("judge"), await enter("plaintiff", language="en", shares=TITLE)
    defendant = await enter("defendant", phone=True)
    everyone = (judge, plaintiff, defendant)
    await (await plaintiff.context.new_page()).goto(LEDGER)
    await plaintiff.page.bring_to_front()
    for person in (plaintiff, defendant, judge):
        await person.goes_in(demo["links"][person.role])
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    for person in everyone:
        await expect(person.part("tiles")).to_be_visible(timeout=PATIENCE_MS)
    await judge.sees("rec-sign")

    await plaintiff.does_not_see("btn-screen")
    await lets_present(judge, plaintiff, is_allowed=True)
    await plaintiff.presses("btn-screen")
    await plaintiff.sees("screen-own")
    for viewer in (judge, defendant):
        await sees_the_ledger(viewer)
    await defendant.page.reload()
    await sees_the_ledger(defendant)
    await asyncio.sleep(5)  # so long it stands in the film

    await lets_present(judge, plaintiff, is_allowed=False)
    await none_is_shown(everyone)
    await plaintiff.does_not_see("btn-screen")

    await lets_present(judge, plaintiff, is_allowed=True)
    await plaintiff.presses("btn-screen")
    await sees_the_ledger(judge)
    await judge.presses("btn-recess")
    await judge.presses("btn-confirm")
    await none_is_shown(everyone)
    await judge.presses("btn-resume")
    await plaintiff.sees("btn-screen")
    await none_is_shown(everyone)
    await asyncio.sleep(4)  # the court goes on without it
    await judge.closes_the_hearing()
    await stands_in_the_record(server, str(demo["hearing_id"]), tmp_path)
    assert not [c for person in everyone for c in person.complaints]


async def lets_present(judge: Person, party: Person, *, is_allowed: bool) -> None:
    own = (await party.page.locator(".tile.own").get_attribute("data-testid") or "").removeprefix("tile-")
    await judge.presses("btn-exhibits")
    await judge.part(f"may-present-{own}").set_checked(is_allowed, timeout=PATIENCE_MS)
    await judge.presses("btn-confirm")


async def sees_the_ledger(person: Person) -> None:
    """Large, and in its own colour."""
    picture = person.part("screen-picture")
    await expect(picture).to_be_visible(timeout=PATIENCE_MS)
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while not is_paper(await picture.evaluate(MIDDLE)):
            await asyncio.sleep(0.1)
    box = await picture.bounding_box()
    stage = await person.part("screen-stage").bounding_box()
    assert box is not None and stage is not None
    assert box["width"] > 0.9 * stage["width"] or box["height"] > 0.7 * stage["height"], (box, stage)


def is_paper(colour: list[Any]) -> bool:
    return all(abs(int(a) - b) < 40 for a, b in zip(colour, PAPER, strict=True))


async def none_is_shown(people: tuple[Person, ...]) -> None:
    for person in people:
        await person.does_not_see("screen-stage")


async def stands_in_the_record(server: CourtServer, hearing_id: str, folder: Path) -> None:
    bundle = folder / "record.zip"
    await exported(server, hearing_id, bundle)
    code, said = await command("verify", bundle)
    assert code == 0, said
    record = server.data_dir / "hearings" / hearing_id
    shown = [track for track in read_sidecars(record) if track.shows == "screen"]
    assert shown and all((track.kind, track.closed) == ("video", True) for track in shown)
    film = await asyncio.to_thread(read_film, record / "composite.mp4", 12)
    shares = [share_of_colour(frame, PAPER) for frame in film.frames]
    assert max(shares) > 0.2, "the screen stands large in the film"
    assert max(shares[-4:]) < 0.02, "and not after it was ended"
