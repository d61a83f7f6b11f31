"""The pages that need no hearing: for everybody, and the clerk's."""

from playwright.async_api import Route

from tests.bed.browsers import Person
from tests.bed.walk.visit import BOTH, EVERY, PHONE, Visit

PUBLIC = (
    ("home", "/"),
    ("verify", "/verify"),
    ("link-refused", "/join#AAAAAAAAAAAAAAAAAAAAAA"),
    ("no-such-page", "/no-such-page"),
)
IN_WECHAT = (
    "Mozilla/5.0 (Linux; Android 12; HUAWEI) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/86.0 Mobile"
    " Safari/537.36 MicroMessenger/8.0.40"
)


async def public_pages(visit: Visit) -> None:
    clerk = await visit.enters("clerk")
    for name, path in PUBLIC:
        await clerk.page.goto("about:blank")
        await clerk.page.goto(f"{visit.server.url}{path}")
        await clerk.page.locator("main, body > p").first.wait_for()
        await visit.looks(clerk, name, EVERY if name == "home" else BOTH)


async def desk(visit: Visit) -> None:
    """Signing in, the lists, a new case, a hearing with its links, the courtrooms of now, the empty room of records."""
    visit.links = (await visit.server.demo())["links"]
    clerk = visit.people["clerk"]
    await signs_in(visit, clerk, "/desk")
    await clerk.sees("hearings")
    await visit.looks(clerk, "desk")
    await clerk.presses("btn-new-case")
    await clerk.sees("new-case")
    await visit.looks(clerk, "new-case")
    await clerk.page.goto(f"{visit.server.url}/desk")
    await clerk.page.locator("[data-testid^=btn-schedule-]").first.click()
    await visit.looks(clerk, "schedule")
    await clerk.presses("btn-confirm")
    await clerk.sees("hearing-detail")
    await visit.looks(clerk, "desk-hearing")
    await clerk.page.goto(f"{visit.server.url}/desk#/courtrooms")
    await clerk.sees("courtrooms")
    await clerk.page.locator("[data-testid^=courtroom-]").first.wait_for()
    await visit.looks(clerk, "courtrooms")
    await clerk.page.goto(f"{visit.server.url}/recordings")
    await clerk.sees("archive")
    await visit.looks(clerk, "record-room-empty")


async def signs_in(visit: Visit, clerk: Person, path: str) -> None:
    await clerk.page.goto(f"{visit.server.url}{path}")
    await clerk.sees("user_name")
    await visit.looks(clerk, "sign-in")
    await clerk.part("user_name").fill("clerk")
    await clerk.part("password").fill(visit.server.staff_password())
    await clerk.page.keyboard.press("Enter")


async def browsers_that_cannot(visit: Visit) -> None:
    """Inside a chat app; and in a browser that doesn't understand the page's script."""
    driver = await visit.beside("clerk", "defendant", user_agent=IN_WECHAT)
    await driver.page.goto(visit.links["defendant"])
    await driver.sees("open-elsewhere")
    await visit.looks(driver, "in-a-chat-app", (PHONE,))

    async def not_understood(route: Route) -> None:
        await route.fulfill(content_type="text/javascript", body="let let = ;")

    old = await visit.beside("clerk", "defendant")
    await old.page.route("**/main-join.js", not_understood)
    await old.page.goto(visit.links["defendant"])
    await old.sees("too-old")
    await visit.looks(old, "old-browser", (PHONE,))
