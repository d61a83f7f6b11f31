"""The clerk's own work in a real browser: sign in, file a case, schedule a hearing, hand out a link."""

import pytest
from playwright.async_api import expect

from tests.bed.court_server import CourtServer
from tests.e2e.conftest import Enter

pytestmark = pytest.mark.e2e


async def test_the_clerk_files_a_case_and_a_link_opens_its_seat(server: CourtServer, enter: Enter) -> None:
    await server.demo()
    clerk, plaintiff = await enter("clerk", language="en"), await enter("plaintiff", phone=True)
    await clerk.page.goto(f"{server.url}/desk")
    await clerk.part("user_name").fill("clerk")
    await clerk.part("password").fill("not the password")
    await clerk.presses("btn-sign-in")
    await clerk.sees("form-error")
    await clerk.part("password").fill(server.staff_password())
    await clerk.presses("btn-sign-in")
    await expect(clerk.part("cases")).to_contain_text("民初27号")

    await clerk.presses("btn-new-case")
    await clerk.part("case_number").fill("（2026）云0101民初28号")
    await clerk.part("cause").fill("民间借贷纠纷")
    names = clerk.page.locator("[data-testid^=person-name-]")
    for number in range(await names.count()):
        await names.nth(number).fill(f"张三{number}")
    await clerk.presses("btn-save-case")
    await expect(clerk.part("cases")).to_contain_text("民初28号")

    await clerk.page.locator("[data-testid^=case-]", has_text="民初28号").get_by_role("button").first.click()
    await clerk.presses("btn-confirm")
    await clerk.sees("hearing-detail")
    link = await clerk.page.locator("[data-testid^=link-p]").last.inner_text()
    assert await clerk.page.locator("img.qr").count() >= 2
    await plaintiff.page.goto(link)
    await plaintiff.sees("join-enter")
    await expect(plaintiff.page.locator("body")).to_contain_text("民初28号")
