"""A viewer's browser says that its link is narrow, and later that it isn't: pictures go and come back, sound stays."""

import asyncio
import struct
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from cloudcourt.domain.ports import PausedPicture
from media import rtcp
from media.rtp import payload_offset, unwrap_repair
from tests.bed.rtc_client import RTX, VP8, RtcClient, seq_of, timestamp_of
from tests.bed.rtp_source import Arrival, RtpSource
from tests.courthouse import JUDGE, PLAINTIFF
from tests.loopback.test_forwarding import KINDS, Courtroom, everyone

pytestmark = [pytest.mark.loopback, pytest.mark.alone]

PAUSED = PausedPicture(viewer=PLAINTIFF, source=JUDGE, reason="weak_link")
TURN_S = 0.1


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[Courtroom]:
    room = Courtroom(tmp_path)
    await room.open()
    yield room
    await room.close()


def for_ever(clip: list[Arrival]) -> Iterator[tuple[float, bytes]]:
    """The same two seconds again and again, numbered on: when, and which packet."""
    packets = [arrival for arrival in clip if arrival.packet]
    counts = Counter(arrival.kind for arrival in packets)
    for turn in count():
        for arrival in packets:
            ticks = 2 * turn * (48_000 if arrival.kind == "audio" else 90_000)
            seq = seq_of(arrival.packet) + turn * counts[arrival.kind] & 0xFFFF
            head = struct.pack("!HI", seq, timestamp_of(arrival.packet) + ticks & 0xFFFFFFFF)
            yield arrival.at_s + 2 * turn, arrival.packet[:2] + head + arrival.packet[8:]


class LiveJudge:
    """Speaks and is seen in real time, as long as somebody waits for something."""

    def __init__(self, client: RtcClient, viewer: RtcClient) -> None:
        self._client, self._viewer = client, viewer
        self._packets = for_ever(RtpSource(JUDGE).arrivals(2))
        self._next = next(self._packets)
        self._began = asyncio.get_running_loop().time()
        self._expected = self._lost = 0

    async def until(
        self, condition: Callable[[], object], what: str, remb: Callable[[], float], loses: float = 0.0
    ) -> None:
        """Go on until it holds; the viewer's browser says `remb()` bits/s at each turn, and what share it misses."""
        for turn in count():
            if condition():
                return
            assert turn * TURN_S < 30, f"waited in vain until {what}"
            now = asyncio.get_running_loop().time() - self._began
            while self._next[0] <= now:
                await self._client.send(self._next[1])
                self._next = next(self._packets)
            await self._viewer.send(
                rtcp.bandwidth_allowed(1, int(remb()), [self._viewer.ssrc_of(JUDGE, "video")]), self._report(loses)
            )
            await asyncio.sleep(TURN_S)

    def _report(self, loses: float) -> bytes:
        self._expected += 10
        self._lost += round(10 * loses)
        ssrc = self._viewer.ssrc_of(JUDGE, "audio")
        return rtcp.receiver_report(1, [rtcp.ReceiverReport(ssrc, 0, self._lost, self._expected, 0, 0, 0)])


async def test_a_weak_link_costs_the_picture_never_the_sound_and_a_probe_brings_it_back(court: Courtroom) -> None:
    client, viewer = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    judge = LiveJudge(client, viewer)
    await judge.until(lambda: len(viewer.stream(JUDGE, "video")) > 30, "the judge is seen", lambda: 900_000)

    await judge.until(lambda: PAUSED in court.gallery.weather.paused, "the picture is paused", lambda: 5_000, loses=0.4)
    shown = len(viewer.stream(JUDGE, "video"))
    heard = len(viewer.stream(JUDGE, "audio"))
    probes = len(viewer.repairs(JUDGE))
    await judge.until(
        lambda: len(viewer.stream(JUDGE, "audio")) > heard + 100, "the judge is heard", lambda: 5_000, loses=0.4
    )
    assert len(viewer.stream(JUDGE, "video")) == shown

    widening = count(5_000, 200)
    await judge.until(
        lambda: len(viewer.stream(JUDGE, "video")) > shown + 20, "the judge is seen again", lambda: next(widening)
    )
    assert PAUSED not in court.gallery.weather.paused
    padding = viewer.repairs(JUDGE)[probes:]
    assert padding
    for packet in padding:
        assert packet[1] & 0x7F == RTX
        assert unwrap_repair(packet, payload_offset(packet), VP8, 1) is None
    numbers = [seq_of(packet) for packet in padding]
    assert numbers == [numbers[0] + further & 0xFFFF for further in range(len(numbers))]


async def test_a_browsers_estimate_of_next_to_nothing_hides_nobody_by_itself(court: Courtroom) -> None:
    client, viewer = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    judge = LiveJudge(client, viewer)
    await judge.until(lambda: len(viewer.stream(JUDGE, "video")) > 30, "the judge is seen", lambda: 900_000)
    falling = iter(range(200_000, 0, -5_000))
    await judge.until(
        lambda: len(viewer.stream(JUDGE, "video")) > 130, "the judge is still seen", lambda: next(falling, 5_000)
    )
    assert PAUSED not in court.gallery.weather.paused
