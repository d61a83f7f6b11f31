"""A driver on a phone gets through a full check-in alone; the clerk helps, answers, compares, and lets them in."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.async_api import expect

from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.court_server import CourtServer
from tests.bed.film_reader import share_of_colour
from tests.e2e.conftest import Enter
from tests.e2e.test_three_in_court import RGB, seat_ids

pytestmark = pytest.mark.e2e


@pytest.fixture
async def full_server(tmp_path: Path) -> AsyncIterator[CourtServer]:
    server = CourtServer(tmp_path / "court", check_in="full")
    await server.start()
    yield server
    await server.stop()
    assert "Traceback" not in server.log(), server.log()


async def at_step(person: Person, step: str) -> None:
    await expect(person.part("check-in")).to_have_attribute("data-step", step, timeout=2 * PATIENCE_MS)


async def goes_on(person: Person, step: str) -> None:
    await person.presses("btn-next")
    await at_step(person, step)


async def test_a_driver_checks_in_and_comes_into_court(full_server: CourtServer, enter: Enter) -> None:
    demo = await full_server.demo()
    links, ids = demo["links"], await seat_ids(demo["links"], full_server.url)
    defendant = await enter("defendant", phone=True, allows_devices=False)
    clerk = await enter("clerk")
    who = ids["defendant"]
    await clerk.goes_in(links["clerk"])
    await clerk.sees("courtroom")
    await clerk.presses("btn-board")
    card = clerk.part(f"board-{who}")

    await arrives_without_a_camera(defendant, links["defendant"])
    await clerk.sees(f"task-camera-{who}")
    assert await clerk.part(f"task-camera-{who}").count() == 1
    await takes_the_picture(defendant)
    await clerk.does_not_see(f"task-camera-{who}")
    await expect(card.get_by_test_id(f"btn-identity-{who}")).to_have_class("button small primary", timeout=PATIENCE_MS)

    await signs_and_parks(defendant, clerk, who)
    await defendant.page.reload()
    await at_step(defendant, "devices")  # a reload goes on where it was
    await defendant.presses("btn-speaker")
    await defendant.presses("btn-heard")
    await goes_on(defendant, "connection")
    await at_step(defendant, "done")
    for path in ("udp", "tcp"):
        await expect(defendant.part(f"path-{path}")).to_have_attribute("data-state", "works")
    await defendant.presses("btn-next")
    await defendant.sees("waiting-room")
    await expect(card).to_have_attribute("data-lacks", "identity", timeout=PATIENCE_MS)

    await asks_and_is_answered(defendant, clerk, who)
    await is_compared_and_admitted(defendant, clerk, who)
    assert not clerk.complaints
    assert not defendant.complaints


async def arrives_without_a_camera(defendant: Person, link: str) -> None:
    await defendant.page.goto(link)
    await at_step(defendant, "language")
    await goes_on(defendant, "self")
    await expect(defendant.part("who-card")).to_contain_text("王建国")
    await goes_on(defendant, "identity")
    await defendant.presses("btn-next")
    await defendant.sees("device-help-both")


async def takes_the_picture(defendant: Person) -> None:
    await defendant.allows_devices()
    await defendant.part("device-help-both").get_by_role("button").click()
    await expect(defendant.page.locator("video.mirrored")).to_be_visible(timeout=PATIENCE_MS)
    await defendant.presses("btn-next")
    await defendant.sees("photo")
    await goes_on(defendant, "rules")


async def signs_and_parks(defendant: Person, clerk: Person, who: str) -> None:
    await expect(defendant.part("rules").locator("li")).to_have_count(8, timeout=PATIENCE_MS)
    await expect(defendant.part("btn-next")).to_have_text("往下阅读")
    await defendant.part("rules").evaluate("(box) => box.scrollTo(0, box.scrollHeight)")
    await expect(defendant.part("btn-next")).to_contain_text("签署", timeout=PATIENCE_MS)
    await goes_on(defendant, "place")
    await defendant.presses("btn-driving")
    await defendant.sees("stopped")
    await clerk.sees(f"task-driving-{who}")
    await goes_on(defendant, "devices")
    await clerk.does_not_see(f"task-driving-{who}")


async def asks_and_is_answered(defendant: Person, clerk: Person, who: str) -> None:
    """Two touches to help; one task; messages between the two alone; a delay for everybody."""
    await defendant.presses("btn-help")
    await defendant.presses("btn-help-sound")
    await defendant.sees("own-help-sound")
    await clerk.sees(f"task-sound-{who}")
    await clerk.part(f"task-sound-{who}").get_by_role("button").first.click()
    await expect(defendant.part("own-help-sound")).to_contain_text("正在处理", timeout=PATIENCE_MS)
    await defendant.part("help-dialog").get_by_test_id("message-text").fill("我在服务区，有点吵")
    await defendant.part("help-dialog").get_by_test_id("btn-send").click()
    await expect(clerk.part("inbox")).to_contain_text("服务区", timeout=PATIENCE_MS)
    await clerk.presses(f"btn-write-{who}")
    await clerk.part("message-text").fill("请戴上耳机")
    await clerk.presses("btn-send")
    await expect(defendant.part("conversation").first).to_contain_text("请戴上耳机", timeout=PATIENCE_MS)
    await defendant.presses("btn-confirm")
    await clerk.presses("btn-delay")
    await clerk.part("delay-reason").fill("上一庭尚未结束")
    await clerk.part("dialog-delay").get_by_test_id("btn-confirm").click()
    await expect(defendant.part("delay-notice")).to_contain_text("上一庭尚未结束", timeout=PATIENCE_MS)


async def is_compared_and_admitted(defendant: Person, clerk: Person, who: str) -> None:
    await clerk.presses(f"btn-identity-{who}")
    picture = clerk.part("identity-picture")
    await expect(picture).to_be_visible(timeout=PATIENCE_MS)
    shown = Image.open(io.BytesIO(await picture.screenshot())).convert("RGB")
    assert share_of_colour(np.asarray(shown), RGB["defendant"]) > 0.5, "the clerk sees somebody else's picture"
    await clerk.presses("btn-show-code")
    await clerk.sees("identity-code")
    await clerk.part("way-accept").check()
    await clerk.part("dialog-identity").get_by_test_id("btn-confirm").click()
    await expect(clerk.part(f"board-{who}")).to_have_attribute("data-lacks", "", timeout=PATIENCE_MS)
    await defendant.does_not_see("identity-status")
    await clerk.presses(f"board-admit-{who}")
    await defendant.sees("courtroom")
    await defendant.presses("btn-help")  # in court too, two touches
    await defendant.sees("help-dialog")


async def test_pressing_on_leads_into_the_waiting_room(full_server: CourtServer, enter: Enter) -> None:
    demo = await full_server.demo()
    plaintiff = await enter("plaintiff", phone=True, language="en")
    await plaintiff.checks_in(demo["links"]["plaintiff"])
    await expect(plaintiff.part("identity-status")).to_have_attribute("data-state", "submitted")
    assert not plaintiff.complaints
