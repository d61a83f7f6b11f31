"""The room of records after a hearing: the list, the film with its marks, a copy to take or redact, who opened it."""

from playwright.async_api import expect

from tests.bed.browsers import PATIENCE_MS
from tests.bed.walk.visit import BOTH, DESK, PHONE, Visit

MADE_WITHIN_MS = 4 * PATIENCE_MS


async def record_room(visit: Visit) -> None:
    clerk = await visit.beside("judge", "clerk")
    await clerk.page.goto(f"{visit.server.url}/recordings")
    await clerk.part("user_name").fill("clerk")
    await clerk.part("password").fill(visit.server.staff_password())
    await clerk.page.keyboard.press("Enter")
    await clerk.sees(f"record-{visit.hearing_id}")
    await visit.looks(clerk, "record-room")
    await clerk.page.goto(f"{visit.server.url}/recordings/{visit.hearing_id}")
    await expect(clerk.part("btn-take-film")).to_be_visible(timeout=MADE_WITHIN_MS)
    await clerk.part("player").scroll_into_view_if_needed()
    await visit.looks(clerk, "record")
    await clerk.presses("btn-take-film")
    await visit.looks(clerk, "record-copy", BOTH)
    await clerk.page.keyboard.press("Escape")


async def openings(visit: Visit) -> None:
    """The judge would have a redacted copy made, looks how long all is kept, and reads who opened the record."""
    judge = visit.people["judge"]
    await judge.page.goto(f"{visit.server.url}/recordings/{visit.hearing_id}")
    await judge.presses("btn-redact")
    await judge.sees("dialog-redact")
    await visit.looks(judge, "record-redaction")
    await judge.page.keyboard.press("Escape")
    await visit.sized(judge, PHONE)
    await judge.part("retention-card").scroll_into_view_if_needed()
    await visit.looks(judge, "record-kept", (PHONE,))
    await judge.presses("btn-access")
    await judge.part("access-log").get_by_test_id("opening").first.wait_for()
    await visit.sized(judge, PHONE)
    await judge.part("access-log").scroll_into_view_if_needed()
    await visit.looks(judge, "record-openings", (PHONE,))


async def sealing(visit: Visit) -> None:
    """The judge marks a span under the film and would seal it."""
    judge = visit.people["judge"]
    await judge.page.goto(f"{visit.server.url}/recordings/{visit.hearing_id}")
    for end, second in (("from", 2), ("to", 6)):
        await judge.part("seek").fill(str(second))
        await judge.presses(f"btn-seal-{end}")
    await judge.part("seal-bench").scroll_into_view_if_needed()
    await visit.looks(judge, "record-span", (DESK,))
    await judge.presses("btn-seal")
    await judge.sees("dialog-order")
    await visit.looks(judge, "record-sealing")
    await judge.page.keyboard.press("Escape")
