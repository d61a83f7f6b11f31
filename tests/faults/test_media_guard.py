"""Hostile input at the media ports: what ends a stock aiortc session must not be noticed here.

Each finding has two tests: that the libraries still fail on it (else the guard could go), and that we don't.
"""

import asyncio
import inspect
import socket
import struct
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aioice import stun
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtcsctptransport import decode_params
from aiortc.rtp import (
    HeaderExtensionsMap,
    RtpPacket,
    unpack_remb_fci,
)

from cloudcourt.domain.errors import MediaRefused
from tests.bed.rtc_client import RtcClient, until
from tests.bed.rtp_source import RtpSource
from tests.courthouse import DEFENDANT, JUDGE, PLAINTIFF
from tests.loopback.test_forwarding import HEARING, KINDS, Courtroom, clip, everyone

pytestmark = pytest.mark.faults

# An audio-level extension of no bytes (its length field is one more than it says), id 2.
ZERO_LENGTH_LEVEL = struct.pack("!BBHII", 0x90, 111, 1, 1, 0x2222) + b"\xbe\xde\x00\x01\x10\x00\x00\x00" + b"sound"
TWO_BYTE_EMPTY_LEVEL = struct.pack("!BBHII", 0x90, 111, 2, 1, 0x2222) + b"\x10\x00\x00\x01\x02\x00\x00\x00" + b"sound"
# REMB that claims 200 SSRCs and brings none.
LYING_REMB = struct.pack("!BBHII4sI", 0x8F, 206, 4, 1, 0, b"REMB", 200 << 24)
BAD_STUN = struct.pack("!HHI", 1, 8, 0x2112A442) + b"t" * 12 + struct.pack("!HHH", 0x24, 2, 7) + b"\0\0"
SCTP_INIT_WITHOUT_END = (
    struct.pack("!HHII", 5000, 5000, 0, 0)
    + struct.pack("!BBH", 1, 0, 24)
    + struct.pack("!IIHHI", 1, 1024, 1, 1, 1)
    + struct.pack("!HH", 0xC000, 0)
)


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[Courtroom]:
    room = Courtroom(tmp_path)
    await room.open()
    yield room
    await room.close()


@pytest.fixture
async def loop_complaints() -> AsyncIterator[list[dict[str, Any]]]:
    """What the event loop would have printed a traceback for."""
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    yield complaints


def hurl(datagram: bytes, to: tuple[str, int], times: int = 1) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for _ in range(times):
            stranger.sendto(datagram, to)


async def still_flows(court: Courtroom, judge: RtcClient, viewer: RtcClient) -> None:
    """The judge is still heard: the newest packets arrive."""
    before = len(viewer.stream(JUDGE, "audio"))
    sound = clip(RtpSource(JUDGE), "audio")
    await judge.send(*(with_seq(packet, 300 + number) for number, packet in enumerate(sound)))
    await viewer.receives(JUDGE, "audio", before + len(sound))
    assert (JUDGE, False) not in court.gallery.links


def with_seq(packet: bytes, seq: int) -> bytes:
    return packet[:2] + struct.pack("!H", seq) + packet[4:]


async def stock_pair() -> tuple[RTCPeerConnection, RTCPeerConnection]:
    """Two connected aiortc peers with a sound line between them."""
    caller, callee = (RTCPeerConnection(RTCConfiguration(iceServers=[])) for _ in range(2))
    caller.addTransceiver("audio", direction="recvonly")
    await caller.setLocalDescription(await caller.createOffer())
    await callee.setRemoteDescription(RTCSessionDescription(caller.localDescription.sdp, "offer"))
    await callee.setLocalDescription(await callee.createAnswer())
    await caller.setRemoteDescription(RTCSessionDescription(callee.localDescription.sdp, "answer"))
    await until(lambda: caller.connectionState == callee.connectionState == "connected")
    return caller, callee


async def test_f1_stock_aiortc_dies_of_one_empty_datagram() -> None:
    caller, callee = await stock_pair()
    dtls = callee.getTransceivers()[0].receiver.transport
    pair = dtls.transport._connection._nominated[1]
    pump = dtls._task
    assert pump is not None
    hurl(b"", pair.local_addr)
    await until(lambda: dtls.state == "closed", "the session is gone")
    assert isinstance(pump.exception(), IndexError)
    await until(lambda: callee.connectionState == "closed")
    await caller.close()


async def test_f1_empty_datagrams_from_anybody_change_nothing(
    court: Courtroom, loop_complaints: list[dict[str, Any]]
) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    for port in (judge.address, plaintiff.address):
        hurl(b"", port, times=20)
    await until(lambda: court.plane.ingress.empty == 40)
    await still_flows(court, judge, plaintiff)
    assert loop_complaints == []


async def test_f1_media_and_dtls_of_strangers_is_dropped(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    for datagram in (b"\x80\x60" + bytes(40), b"\x15\xfe\xfd" + bytes(30), b"\x80", b"\xff" * 9):
        hurl(datagram, judge.address)
    await until(lambda: court.plane.ingress.stranger == 3 and court.plane.ingress.unknown_kind == 1)
    await still_flows(court, judge, plaintiff)


def test_f2_stock_aiortc_raises_what_it_does_not_catch() -> None:
    level = RTCRtpHeaderExtensionParameters(id=2, uri="urn:ietf:params:rtp-hdrext:ssrc-audio-level")
    extensions = HeaderExtensionsMap()
    extensions.configure(RTCRtpParameters(headerExtensions=[level]))
    with pytest.raises(struct.error):
        RtpPacket.parse(TWO_BYTE_EMPTY_LEVEL, extensions)
    with pytest.raises(struct.error):
        unpack_remb_fci(LYING_REMB[12:])


async def test_f2_an_odd_extension_and_a_lying_remb_change_nothing(
    court: Courtroom, loop_complaints: list[dict[str, Any]]
) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    await judge.send(ZERO_LENGTH_LEVEL, TWO_BYTE_EMPTY_LEVEL, LYING_REMB)
    # Padding longer than the packet or of no bytes, a repair of nothing, reports cut short. (libsrtp itself stops
    # header extensions that reach past the end.)
    for odd in (
        struct.pack("!BBHII", 0xA0, 111, 5, 1, 0x2222) + b"\xff",
        struct.pack("!BBHII", 0xA0, 111, 6, 1, 0x2222) + b"\x00",
        struct.pack("!BBHII", 0x80, 97, 7, 1, 0x3333) + b"\x01",
        struct.pack("!BBHI", 0x81, 205, 200, 1),
        struct.pack("!BBHI", 0x81, 200, 1, 1),
    ):
        await judge.send(odd)
    await still_flows(court, judge, plaintiff)
    assert court.plane.ingress.faults == 0
    assert court.plane.ingress.rtp_malformed == 2
    assert court.plane.ingress.rtcp_malformed == 3
    assert loop_complaints == []


def test_f3_stock_aiortc_loops_over_a_parameter_without_length() -> None:
    """Its loop advances by the length the packet claims; checked on a bounded copy of that very source."""
    source = inspect.getsource(decode_params).replace(
        "    while pos <= len(body) - 4:\n",
        "    turns = 0\n    while pos <= len(body) - 4:\n        turns += 1\n"
        "        if turns > 1000:\n            raise RecursionError\n",
    )
    scope = dict(vars(inspect.getmodule(decode_params)))
    exec(source, scope)
    with pytest.raises(RecursionError):
        scope["decode_params"](struct.pack("!HHHH", 0xC000, 0, 0, 0))


async def test_f3_sctp_has_nowhere_to_go(court: Courtroom, loop_complaints: list[dict[str, Any]]) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    for _ in range(10):
        await judge.dtls._send_data(SCTP_INIT_WITHOUT_END)
    await still_flows(court, judge, plaintiff)
    assert loop_complaints == []


async def test_f3_a_data_channel_is_refused(court: Courtroom) -> None:
    client = RtcClient(pairs=2)
    offer = await client.offer()
    offer += "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:9\r\na=sctp-port:5000\r\n"
    with pytest.raises(MediaRefused) as refused:
        await court.plane.connect(HEARING, JUDGE, offer)
    assert refused.value.fields["reason"] == "data_channel"
    await client.close()


def test_f4_stock_aioice_raises_in_its_datagram_callback() -> None:
    with pytest.raises(struct.error):
        stun.parse_message(BAD_STUN)


async def test_f4_malformed_stun_is_counted_and_never_logged(
    court: Courtroom, loop_complaints: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    hurl(BAD_STUN, judge.address, times=100)
    hurl(b"\x00\x01" + bytes(30), judge.address, times=100)
    await until(lambda: court.plane.snapshot()["ice_malformed"] == 200)
    await still_flows(court, judge, plaintiff)
    assert loop_complaints == []
    assert caplog.records == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
async def test_f5_stock_aiortc_trips_over_a_bad_offer_and_over_closing_it(
    loop_complaints: list[dict[str, Any]],
) -> None:
    client = RtcClient(pairs=0)
    offer = (await client.offer()).replace("a=mid:0\r\n", "")
    stock = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    with pytest.raises(AttributeError):
        await stock.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await stock.setLocalDescription(await stock.createAnswer())
    with pytest.raises(AttributeError):
        await stock.close()
    await client.close()


async def test_f5_whatever_is_offered_we_answer_or_refuse_and_keep_nothing(court: Courtroom) -> None:
    client = RtcClient(pairs=2)
    offer = await client.offer()
    before = asyncio.all_tasks(), threading.active_count(), open_files()
    lines = offer.split("\r\n")
    refused = 0
    for number in range(len(lines) - 1):
        for mutated in (
            [*lines[:number], *lines[number + 1 :]],
            [*lines[:number], lines[number][:-1], *lines[number + 1 :]],
            [*lines[:number], lines[number] + "\x00", *lines[number + 1 :]],
            [*lines[:number], lines[number].replace("1", "999999999"), *lines[number + 1 :]],
            [*lines[:number], lines[number], lines[number], *lines[number + 1 :]],
        ):
            try:
                await court.plane.connect(HEARING, DEFENDANT, "\r\n".join(mutated))
            except MediaRefused:
                refused += 1
            await court.plane.disconnect(HEARING, DEFENDANT)
    assert refused > len(lines)
    await until(lambda: asyncio.all_tasks() == before[0], "all tasks are over")
    assert (threading.active_count(), open_files()) == before[1:]
    await client.close()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_connection_that_never_comes_about_can_be_closed(court: Courtroom) -> None:
    client = RtcClient(pairs=2)
    before = asyncio.all_tasks()
    await court.plane.connect(HEARING, JUDGE, await client.offer())
    await court.plane.connect(HEARING, JUDGE, await client.offer())
    await court.plane.disconnect(HEARING, JUDGE)
    await until(lambda: asyncio.all_tasks() <= before)
    assert court.gallery.links == []
    await client.close()


async def test_nothing_is_sent_to_an_address_that_an_offer_names(court: Courtroom) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as victim:
        victim.bind(("127.0.0.1", 0))
        victim.setblocking(False)
        client = RtcClient(pairs=2)
        named = f"127.0.0.1 {victim.getsockname()[1]} typ host"
        offer = (await client.offer()).replace("192.0.2.77 9 typ host", named)
        await client.take(await court.plane.connect(HEARING, JUDGE, offer))
        await until(lambda: court.gallery.links == [(JUDGE, True)])
        with pytest.raises(BlockingIOError):
            victim.recv(2048)
        await client.close()
