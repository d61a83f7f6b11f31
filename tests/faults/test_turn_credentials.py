"""Our TURN credentials at a real coturn: fresh ones open a relay to the court's media, and to nowhere else."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aioice.stun import TransactionFailed
from aioice.turn import TurnTransport, create_turn_endpoint

from cloudcourt.court.relays import TurnRelays
from tests.bed.turn_server import TurnServer, running_turn_server

pytestmark = pytest.mark.faults

MEDIA_HOST = "127.0.0.1"
RELAY_HOST = "127.0.0.2"
PERSON = "p-7"
LIFE_S = 600


class Inbox(asyncio.DatagramProtocol):
    """What arrives, in order."""

    def __init__(self) -> None:
        self.arrived: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.arrived.put_nowait((data, addr))

    async def next(self) -> tuple[bytes, tuple[str, int]]:
        async with asyncio.timeout(10):
            return await self.arrived.get()


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[TurnServer]:
    with socket.socket() as probe:
        probe.bind((RELAY_HOST, 0))
        address = probe.getsockname()
    async with running_turn_server(tmp_path, address=address, media_host=MEDIA_HOST) as server:
        yield server


def credentials(relay: TurnServer, secret: str | None = None, age_s: int = 0) -> tuple[str, str]:
    """What the court gave somebody `age_s` seconds ago."""
    relays = TurnRelays((relay.url(),), secret or relay.secret, LIFE_S)
    (entry,) = relays.ice_servers(PERSON, datetime.now(UTC) - timedelta(seconds=age_s))
    return str(entry["username"]), str(entry["credential"])


@asynccontextmanager
async def allocation(
    relay: TurnServer, username: str, credential: str, transport: str = "udp"
) -> AsyncIterator[tuple[TurnTransport, Inbox]]:
    relayed, inbox = await create_turn_endpoint(Inbox, relay.address, username, credential, transport=transport)
    try:
        yield relayed, inbox
    finally:
        await client_of(relayed).delete()


def client_of(relayed: TurnTransport) -> Any:
    """The part that speaks with the relay and can be waited for; what is public only starts tasks."""
    return vars(relayed)["_TurnTransport__inner_protocol"]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("age_s", [0, LIFE_S - 60])
async def test_fresh_credentials_open_a_relay_to_the_courts_media(
    relay: TurnServer, transport: str, age_s: int
) -> None:
    loop = asyncio.get_running_loop()
    media, court = await loop.create_datagram_endpoint(Inbox, local_addr=(MEDIA_HOST, 0))
    async with allocation(relay, *credentials(relay, age_s=age_s), transport) as (relayed, browser):
        relayed.sendto(b"from the browser", media.get_extra_info("sockname"))
        said, relayed_address = await court.next()
        assert (said, relayed_address) == (b"from the browser", relayed.get_extra_info("sockname"))
        media.sendto(b"from the court", relayed_address)
        assert await browser.next() == (b"from the court", media.get_extra_info("sockname"))
    media.close()


async def refused(relay: TurnServer, username: str, credential: str) -> int | None:
    with pytest.raises(TransactionFailed) as refusal:
        async with allocation(relay, username, credential):
            pytest.fail("the relay let somebody in")
    code: int | None = refusal.value.response.error_code
    return code


async def test_expired_credentials_are_refused(relay: TurnServer) -> None:
    assert await refused(relay, *credentials(relay, age_s=LIFE_S + 1)) == 401


async def test_forged_credentials_are_refused(relay: TurnServer) -> None:
    username, credential = credentials(relay)
    later = f"{int(username.partition(':')[0]) + 86_400}:{PERSON}"
    for name, word in (
        credentials(relay, secret="somebody else's"),
        (later, credential),
        (username.replace(PERSON, "p-8"), credential),
        (username, credential.swapcase()),
        (PERSON, credential),
    ):
        assert await refused(relay, name, word) == 401, name


@pytest.mark.parametrize(
    "host",
    [
        RELAY_HOST,
        "127.0.0.9",
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.0.1",
        "192.0.2.1",
        "8.8.8.8",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::ffff:127.0.0.1",
        "fe80::1",
    ],
)
async def test_the_relay_leads_nowhere_else(relay: TurnServer, host: str) -> None:
    async with allocation(relay, *credentials(relay)) as (relayed, _):
        with pytest.raises(TransactionFailed) as refusal:
            await client_of(relayed).send_data(b"inward", (host, 22))
        # 443: another IP version than the relay's own address (RFC 8656 section 10.2).
        assert refusal.value.response.error_code == (443 if ":" in host else 403)
