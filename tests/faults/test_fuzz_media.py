"""Hostile packets and offers: tens of thousands made from good ones by chance, for every parser that meets strangers.

What a parser may raise is named; anything else is a crash. Every input that once did harm belongs in
`tests/corpus/<parser>/` and is read here again.
"""

import random
import re
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from cloudcourt.domain.errors import MediaRefused
from cloudcourt.domain.routing import MediaKind
from media import rtcp
from media.congestion.feedback import FeedbackWriter, read_feedback
from media.record.depacketise import Codec, depacketiser
from media.record.packets import parse_rtp
from media.rtp import (
    CodecName,
    mid_extension,
    one_byte_extensions,
    payload_offset,
    shift_vp8_picture,
    starts_key_frame,
    unwrap_repair,
    vp8_picture,
)
from media.sdp import read_offer
from tests.bed.mutants import mutants
from tests.bed.rtc_client import VP8, RtcClient, repair_of
from tests.bed.rtp_source import RtpSource
from tests.courthouse import JUDGE

pytestmark = pytest.mark.faults

CORPUS = Path(__file__).parents[1] / "corpus"
INPUTS = 20_000
SEED = 7
LONGEST_PACKET = 1500


def packets(codec: CodecName) -> list[bytes]:
    """What a browser sends in a moment, with a key frame, a repair, padding, extensions and sources."""
    kind: MediaKind = "audio" if codec == "opus" else "video"
    source = RtpSource(JUDGE, codec="h264" if codec == "h264" else "vp8")
    found = [arrival.packet for arrival in source.arrivals(0.3, kinds=(kind,)) if arrival.packet]
    mid = mid_extension(4, "12")
    found.append(struct.pack("!BBHIIII", 0x92, VP8, 5, 6, 7, 8, 9) + mid + b"\x90\xe0\x92\x34\x01\x20\x10\x02\x00")
    found.append(struct.pack("!BBHII", 0xA0, VP8, 5, 6, 7) + b"\x90\x80\x12\x10\x02\x00\x00\x02")
    return [*found, repair_of(found[0], seq=9)]


def read_rtp(packet: bytes) -> None:
    """Everything that the engine reads in a decrypted packet."""
    if len(packet) > LONGEST_PACKET:
        return
    offset = payload_offset(packet)
    assert -1 <= offset <= len(packet)
    if offset < 0:
        return
    for number, (at, length) in one_byte_extensions(packet, offset).items():
        assert 1 <= number <= 14
        assert at > 12
        assert at + length <= offset
    codecs: tuple[CodecName, ...] = ("opus", "vp8", "h264")
    for codec in codecs:
        starts_key_frame(codec, packet, offset)
    original = unwrap_repair(packet, offset, VP8, 1)
    assert original is None or payload_offset(original) == 12
    end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
    picture = vp8_picture(packet, offset, end)
    shifted = bytearray(packet)
    shift_vp8_picture(memoryview(shifted), offset, end, 1, 1)
    assert shifted[:offset] + shifted[end:] == packet[:offset] + packet[end:]
    assert (shifted == packet) == (picture is None)


def read_rtcp(compound: bytes) -> None:
    try:
        for notice in rtcp.read_compound(compound):
            if isinstance(notice, rtcp.Nack):
                assert len(notice.seqs) <= rtcp.MAX_NACKED
    except ValueError:
        pass


def read_wide_feedback(packet: bytes) -> None:
    try:
        _, statuses = read_feedback(packet)
    except ValueError:
        return
    assert len(statuses) <= 0xFFFF


def read_description(text: bytes) -> None:
    try:
        offer = read_offer(text.decode("latin-1"))
    except MediaRefused:
        return
    assert len(offer.lines) >= 2
    assert offer.face.fingerprints


def depacketise(codec: Codec) -> Callable[[Sequence[bytes]], None]:
    """One recorder reads them all, as if a hostile browser had sent them one after the other."""

    def read(hostile: Sequence[bytes]) -> None:
        reader = depacketiser(codec)
        for number, datagram in enumerate(hostile):
            packet = parse_rtp(datagram)
            if packet is None:
                continue
            sample = reader.feed(packet, follows_hole=number % 7 == 0)
            assert sample is None or sample.content

    return read


REPORT = rtcp.ReceiverReport(1, 2, 3, 4, 5, 6, 7)
COMPOUNDS = [
    rtcp.sender_report(1, 1 << 60, 3, 4, 5) + rtcp.description(1, "name"),
    rtcp.receiver_report(1, [REPORT, REPORT]) + rtcp.bandwidth_allowed(1, 2_000_000, [3, 4]),
    rtcp.nack(1, 2, [1, 2, 3, 40, 0xFFFF]) + rtcp.picture_loss(1, 2),
    struct.pack("!BBHIIIBBH", 0x84, 206, 4, 1, 0, 42, 1, 0, 0) + struct.pack("!BBHI", 0x81, 203, 1, 9),
]
ARRIVALS = [(seq, at * 1_000_000) for seq, at in ((1, 1), (2, 2), (5, 90), (4, 91), (30, 92), (31, 9000), (300, 9001))]


@pytest.fixture
async def offer() -> bytes:
    client = RtcClient(pairs=1)
    text = await client.offer()
    await client.close()
    return text.encode()


@pytest.mark.parametrize("codec", ["opus", "vp8", "h264"])
def test_rtp(codec: CodecName) -> None:
    for packet in mutants(SEED, INPUTS // 2, packets(codec)):
        read_rtp(packet)


def test_rtcp() -> None:
    for compound in mutants(SEED, INPUTS, COMPOUNDS):
        read_rtcp(compound)


def test_transport_feedback() -> None:
    good = FeedbackWriter(1).write(2, ARRIVALS) + FeedbackWriter(1).write(2, ARRIVALS[:2])
    for packet in mutants(SEED, INPUTS, good):
        # With a right length, so that more than the first check is met.
        words = max(0, len(packet) // 4 - 1)
        read_wide_feedback(packet)
        read_wide_feedback(packet[:2] + struct.pack("!H", words) + packet[4 : 4 + 4 * words])


@pytest.mark.parametrize("codec", ["vp8", "h264"])
def test_depacketising(codec: Codec) -> None:
    depacketise(codec)(list(mutants(SEED, INPUTS, packets(codec))))


async def test_offers(offer: bytes) -> None:
    """By bytes, and by whole lines, which gets further."""
    read_description(offer)
    lines = offer.split(b"\r\n")
    for text in mutants(SEED, INPUTS // 2, [offer]):
        read_description(text)
    dice = random.Random(SEED)
    for line in mutants(SEED, INPUTS // 2, lines):
        odd = list(lines)
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(odd))
            odd[at : at + dice.randint(0, 2)] = dice.choice(([line], [dice.choice(lines)], [], [line, line]))
        read_description(b"\r\n".join(odd))


READERS: dict[str, Callable[[bytes], None]] = {
    "rtp": read_rtp,
    "rtcp": read_rtcp,
    "feedback": read_wide_feedback,
    "vp8": lambda packet: depacketise("vp8")([packet]),
    "opus": lambda packet: depacketise("opus")([packet]),
    "h264": lambda packet: depacketise("h264")([packet]),
    "sdp": read_description,
}


def test_the_corpus_is_there() -> None:
    assert all(any((CORPUS / reader).iterdir()) for reader in READERS)


@pytest.mark.parametrize(
    ("reader", "path"),
    [(reader, path) for reader in READERS for path in sorted((CORPUS / reader).glob("*"))],
    ids=lambda value: value if isinstance(value, str) else value.stem,
)
def test_what_once_did_harm_does_none(reader: str, path: Path) -> None:
    READERS[reader](path.read_bytes())


@pytest.mark.parametrize("path", sorted((CORPUS / "sdp").glob("*")), ids=lambda path: path.stem)
def test_an_odd_offer_is_refused_for_the_reason_in_its_name(path: Path) -> None:
    text = path.read_bytes().decode("latin-1")
    reason = path.stem.partition("-")[2]
    if reason == "accepted":  # its candidates lead to where nothing should be sent: they are dropped
        without = re.sub("a=candidate:.*\r\n", "", text)
        assert read_offer(text) == read_offer(without)
        return
    with pytest.raises(MediaRefused) as refused:
        read_offer(text)
    assert refused.value.fields["reason"] == reason


@pytest.mark.parametrize(
    ("line", "times", "reason"),
    [
        ("a=" + "x" * 1000, 1000, "too_large"),  # 38
        ("m=audio 9 UDP/TLS/RTP/SAVPF 111", 10_000, "too_large"),  # 39
        ("m=audio 9 UDP/TLS/RTP/SAVPF 111", 1000, "too_many_lines"),
        ("a=candidate:1 1 udp 1 192.0.2.1 9 typ host", 10_000, "too_large"),  # 40
        ("a=candidate:1", 1000, "too_many_candidates"),
    ],
)
async def test_an_offer_of_too_much_is_refused(offer: bytes, line: str, times: int, reason: str) -> None:
    with pytest.raises(MediaRefused) as refused:
        read_offer(offer.decode() + f"{line}\r\n" * times)
    assert refused.value.fields["reason"] == reason
