"""A phone's network dies without a word: the page comes back on a second socket, and nobody is told tales."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.bed.browsers import PATIENCE_MS
from tests.bed.court_server import CourtServer
from tests.bed.wire import Wire
from tests.e2e.conftest import Enter
from tests.e2e.test_three_in_court import seat_ids

pytestmark = pytest.mark.e2e


async def test_a_page_whose_socket_dies_comes_back_on_another(server: CourtServer, enter: Enter) -> None:
    links = (await server.demo())["links"]
    ids = await seat_ids(links, server.url)
    judge, phone = await enter("judge"), await enter("defendant", phone=True)
    async with Wire(server.port) as wire:
        address = urlsplit(links["defendant"])
        await judge.goes_in(links["judge"])
        await phone.goes_in(f"{wire.url}{address.path}#{address.fragment}")
        await phone.sees("waiting-room")
        await judge.presses(f"btn-admit-{ids['defendant']}")
        await phone.sees("courtroom")

        # The connections of now die; the next network carries. The switch that is thrown meanwhile still gets through.
        before = wire.connections
        wire.silence()
        await phone.presses("btn-mic")
        await judge.sees(f"badge-muted-{ids['defendant']}")
        assert wire.connections > before
        await phone.sees("courtroom")
        await phone.does_not_see("banner-reconnecting")

        # Without any network the page says so and counts; the seat is held, and taken again by itself.
        wire.unplug()
        await phone.sees("banner-reconnecting")
        held = judge.page.locator(f'[data-testid="tile-{ids["defendant"]}"].away')
        await expect(held).to_have_count(1, timeout=PATIENCE_MS)
        banner = phone.part("banner-reconnecting")
        await expect(banner).to_contain_text(re.compile(r"已断开 [3-9] 秒"), timeout=PATIENCE_MS)
        wire.plug()
        await phone.does_not_see("banner-reconnecting")
        await expect(held).to_have_count(0, timeout=PATIENCE_MS)
        await phone.presses("btn-mic")
        await judge.does_not_see(f"badge-muted-{ids['defendant']}")
        assert await phone.part("gone-page").count() == 0
    await phone.page.goto("about:blank")
