"""A hearing across the impaired network: the judge on a clean link, the defendant on a phone with Wi-Fi and mobile."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from cloudcourt.domain.events import StoredEvent
from cloudcourt.domain.ids import HearingId
from cloudcourt.settings import Settings
from cloudcourt.store.store import Store
from tests.bed.browsers import Person, enters
from tests.bed.court_server import CourtServer
from tests.bed.media_watch import MediaWatch, Received
from tests.bed.namespace import into
from tests.bed.network_bed import NetworkBed
from tests.bed.turn_server import running_turn_server

WIFI, MOBILE = "phone.wifi0", "phone.cell0"
BACK_WITHIN_S = 50.0
IS_BACK_AFTER = {"audio_packets": 50, "pictures": 20}
"""More than can have been under way when the link went."""


class DistantHearing:
    """An opened hearing with both pages under watch; the phone is on its Wi-Fi, the mobile network is down."""

    def __init__(self, bed: NetworkBed, server: CourtServer, judge: Person, phone: Person, hearing_id: str) -> None:
        self.bed = bed
        self.server = server
        self.judge = judge
        self.phone = phone
        self.hearing_id = HearingId(hearing_id)
        self.at_judge = MediaWatch(judge.page)
        self.at_phone = MediaWatch(phone.page)
        self.phone_link = WIFI

    async def switches(self) -> tuple[Received, Received]:
        """The phone leaves its network, then takes the other; what judge and phone received until all was back.

        Raises TimeoutError when something stays away.
        """
        await self.resets()
        left, self.phone_link = self.phone_link, MOBILE if self.phone_link == WIFI else WIFI
        await self.bed.fall(left)
        await self.bed.rise(self.phone_link)
        return await self.flows()

    async def resets(self) -> None:
        for watch in (self.at_judge, self.at_phone):
            await watch.reset()

    async def flows(self) -> tuple[Received, Received]:
        """Wait until sound and pictures have come both ways since the last reset. Raises TimeoutError."""
        for _ in range(round(BACK_WITHIN_S / 0.1)):
            received = await self.received()
            if all(getattr(side, what) >= many for side in received for what, many in IS_BACK_AFTER.items()):
                return received
            await asyncio.sleep(0.1)
        raise TimeoutError(f"at the judge {received[0]}, at the phone {received[1]}")

    async def received(self) -> tuple[Received, Received]:
        """At the judge and at the phone, since the last reset."""
        return await self.at_judge.received(), await self.at_phone.received()

    async def log(self) -> list[StoredEvent]:
        """The court's log so far."""
        store = await Store.open(Settings(data_dir=self.server.data_dir).store_url)
        try:
            return list(await store.record.since(self.hearing_id, 0))
        finally:
            await store.close()


@asynccontextmanager
async def distant_hearing(
    folder: Path,
    *,
    wifi: str = "wifi",
    mobile: str = "4g",
    is_lively: bool = False,
    lets_udp_through: bool = True,
    has_relay: bool = False,
    phone_source: Path | None = None,
) -> AsyncIterator[DistantHearing]:
    """Network, server, two browsers, and the hearing opened; all ended afterwards. The profiles are the phone's.

    Lively people's pictures cost as many bits as real ones. `lets_udp_through` is said of the phone's Wi-Fi; with
    `has_relay`, a coturn beside the server is the only other way. `phone_source` is a script that takes the
    place of the phone's camera and microphone.
    """
    async with AsyncExitStack() as ends:
        bed = NetworkBed(judge={"eth0": "clean"}, phone={"wifi0": wifi, "cell0": mobile})
        await ends.enter_async_context(bed)
        await bed.fall(MOBILE)
        await bed.change(WIFI, udp=int(lets_udp_through))
        settings = await ends.enter_async_context(_relay(bed, folder)) if has_relay else {}
        server = CourtServer(folder / "court", place=bed.namespace("server"), host=bed.server_address, **settings)
        ends.push_async_callback(server.stop)
        await server.start()
        demo = await server.demo()
        playwright = await ends.enter_async_context(async_playwright())

        async def enter(role: str, node: str, source: Path | None = None, **wishes: Any) -> Person:
            place, origin = bed.namespace(node), server.url
            person = await enters(playwright, role, folder, place=place, origin=origin, is_lively=is_lively, **wishes)
            ends.push_async_callback(person.close)
            if source is not None:
                await person.context.add_init_script(path=source)
            await person.goes_in(demo["links"][role])
            return person

        judge = await enter("judge", "judge")
        phone = await enter("defendant", "phone", phone_source, phone=True)
        await phone.sees("waiting-room")
        await judge.presses("btn-open")
        await judge.presses("btn-confirm")
        for person in (judge, phone):
            await person.sees("courtroom")
        hearing = DistantHearing(bed, server, judge, phone, demo["hearing_id"])
        for watch in (hearing.at_judge, hearing.at_phone):
            await watch.begin()
        await hearing.flows()
        yield hearing


@asynccontextmanager
async def _relay(bed: NetworkBed, folder: Path) -> AsyncIterator[dict[str, str]]:
    """coturn beside the court's server, and what the court must be told of it; the court itself takes no TCP."""
    async with running_turn_server(
        folder, address=(bed.server_address, 3478), media_host=bed.server_address, prefix=into(bed.namespace("server"))
    ) as relay:
        yield {"turn_urls": json.dumps([relay.url("tcp")]), "turn_secret": relay.secret, "media_tcp": "false"}
