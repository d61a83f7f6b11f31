"""Real Chromium against the ICE agent alone: connecting and restarting over UDP and over TCP."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Hashable

import pytest
from playwright.async_api import Page, async_playwright

from media.ice.lite import Credentials, IceLite
from media.ice.stun import Address
from media.ice.tcp import TcpDoor, TcpPath
from tests.bed.browsers import chromium_path
from tests.bed.rtc_client import until

pytestmark = pytest.mark.e2e

OFFER = """
async () => {
  window.peer ??= new RTCPeerConnection();
  window.channel ??= peer.createDataChannel('x');
  const offer = await peer.createOffer({iceRestart: peer.localDescription !== null});
  await peer.setLocalDescription(offer);
  return offer.sdp.match(/a=ice-ufrag:(.*)\\r/)[1];
}
"""
ANSWER = "async (sdp) => { await peer.setRemoteDescription({type: 'answer', sdp}); }"
STATE_IS = "(state) => peer.iceConnectionState === state"


class Gate:
    """The agent with a UDP socket and a TCP door on loopback, and nothing behind it: no DTLS is answered."""

    def __init__(self) -> None:
        self.agent: IceLite[str, Hashable] = IceLite()
        self.nominated: list[Hashable] = []
        self.door = TcpDoor(("127.0.0.1",), 0, self._take_frame, self._closed)
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._udp.setblocking(False)

    async def open(self) -> None:
        await self.door.open()
        asyncio.get_running_loop().add_reader(self._udp, self._take_datagram)

    async def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._udp)
        self._udp.close()
        await self.door.close()

    def candidate(self, transport: str) -> str:
        port = self.door.port if transport == "tcp" else self._udp.getsockname()[1]
        kind = " tcptype passive" if transport == "tcp" else ""
        return f"candidate:1 1 {transport} 2130706431 127.0.0.1 {port} typ host{kind}"

    def _take_datagram(self) -> None:
        datagram, source = self._udp.recvfrom(2048)
        reply = self._check(source, source, datagram)
        if reply is not None:
            self._udp.sendto(reply, source)

    def _take_frame(self, path: TcpPath, datagram: bytes) -> None:
        reply = self._check(path, path.source, datagram)
        path.authenticated = self.agent.session_of(path) is not None
        if reply is not None:
            path.send(reply)

    def _check(self, path: Hashable, source: Address, datagram: bytes) -> bytes | None:
        if datagram[0] >= 4:
            return None
        outcome = self.agent.check(path, source, datagram, time.monotonic_ns())
        if outcome.is_selected:
            self.nominated.append(path)
        return outcome.reply

    def _closed(self, path: TcpPath) -> None:
        self.agent.forget(path)


def answer(credentials: Credentials, candidate: str) -> str:
    lines = [
        "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=ice-lite", "a=group:BUNDLE 0",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:0",
        f"a=ice-ufrag:{credentials.ufrag}", f"a=ice-pwd:{credentials.password}",
        "a=fingerprint:sha-256 " + ":".join(["AB"] * 32), "a=setup:passive", "a=sctp-port:5000",
        f"a={candidate}", "a=end-of-candidates", "",
    ]  # fmt: skip
    return "\r\n".join(lines)


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    gate = Gate()
    await gate.open()
    yield gate
    await gate.close()


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--allow-loopback-in-peer-connection"]
        )
        yield await browser.new_page()
        await browser.close()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_chromium_connects_and_restarts(gate: Gate, page: Page, transport: str) -> None:
    agent = gate.agent
    first = agent.add("judge")
    agent.expect("judge", await page.evaluate(OFFER))
    await page.evaluate(ANSWER, answer(first, gate.candidate(transport)))
    await page.wait_for_function(STATE_IS, arg="connected")
    (before,) = gate.nominated
    assert isinstance(before, TcpPath) == (transport == "tcp")
    assert agent.selected("judge") == before
    assert agent.counts.unauthenticated == agent.counts.unsigned == 0

    second = agent.restart("judge", await page.evaluate(OFFER), time.monotonic_ns())
    await page.evaluate(ANSWER, answer(second, gate.candidate(transport)))
    await until(lambda: len(gate.nominated) == 2, "Chromium has nominated a new path")
    assert agent.selected("judge") == gate.nominated[-1] != before
    await page.wait_for_function(STATE_IS, arg="connected")
    assert agent.counts.malformed == 0
    assert set(agent.remove("judge")) == set(gate.nominated)
