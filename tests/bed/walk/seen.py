"""What a court shows and what others see of it: exhibits, the monitor of the record, the public gallery."""

from playwright.async_api import expect

from tests.bed.browsers import PATIENCE_MS
from tests.bed.papers import pdf
from tests.bed.walk.visit import DESK, EVERY, PHONE, Visit, confirms, until_still

PEOPLE = ("judge", "plaintiff", "defendant")


async def sits(visit: Visit) -> None:
    """A court in session, reached by the shortest way."""
    for role in PEOPLE[::-1]:
        await (await visit.enters(role)).goes_in(visit.links[role])
    judge = visit.people["judge"]
    await judge.presses("btn-open")
    await confirms(judge)
    await judge.sees("btn-recess")


async def exhibits(visit: Visit) -> None:
    """The list while it is empty, a paper handed in, objected to, and before the court."""
    judge, plaintiff, defendant = (visit.people[role] for role in ("judge", "plaintiff", "defendant"))
    await plaintiff.presses("btn-exhibits")
    await visit.looks(plaintiff, "exhibits-empty", (PHONE,))
    paper = visit.folder / "paper.pdf"
    paper.write_bytes(pdf())
    await plaintiff.part("exhibit-title").fill("借条")
    await plaintiff.part("file-exhibit").set_input_files(paper)
    await plaintiff.sees("exhibit-1")
    await plaintiff.presses("btn-confirm")
    await defendant.presses("btn-exhibits")
    await defendant.presses("btn-opinion-1")
    await visit.looks(defendant, "exhibit-opinion", (PHONE,))
    await defendant.part("authenticity-object").check()
    await defendant.part("opinion-reason").fill("签名不是本人所写，请出示原件。")
    await defendant.presses("btn-send-opinion")
    await defendant.presses("btn-confirm")
    await judge.presses("btn-exhibits")
    await until_still(judge)
    await visit.looks(judge, "exhibits")
    await judge.presses("btn-present-1")
    for person in (judge, defendant):
        await person.sees("exhibit-page")
        await until_still(person)
    await visit.looks(defendant, "exhibit-on-stage-party", EVERY)
    await visit.looks(judge, "exhibit-on-stage-judge", EVERY)
    await judge.presses("btn-put-away")
    await defendant.does_not_see("exhibit-stage")


async def monitor(visit: Visit) -> None:
    """What was written, seen by the judge."""
    judge = visit.people["judge"]
    await judge.presses("btn-monitor")
    await expect(judge.part("monitor-screen")).to_have_attribute("data-phase", "playing", timeout=4 * PATIENCE_MS)
    await judge.part("monitor").scroll_into_view_if_needed()
    await visit.looks(judge, "monitor", (DESK,))
    await judge.presses("btn-monitor")


async def gallery(visit: Visit) -> None:
    """The public's way in, their seat, and what the court sees of it."""
    judge = visit.people["judge"]
    await judge.presses("btn-open-gallery")
    await visit.looks(judge, "question-gallery", (DESK,))
    await judge.presses("btn-confirm")
    visitor = await visit.beside("judge", "observer")
    await visitor.page.goto(f"{visit.server.url}/gallery/{visit.hearing_id}")
    await visitor.sees("btn-take-seat")
    await visit.looks(visitor, "gallery-door")
    await visitor.presses("btn-take-seat")
    await expect(visitor.part("gallery-screen")).to_have_attribute("data-phase", "playing", timeout=4 * PATIENCE_MS)
    await visit.looks(visitor, "gallery", EVERY)
    await judge.presses("btn-cut-gallery")


async def ends(visit: Visit) -> None:
    judge = visit.people["judge"]
    await judge.closes_the_hearing()
