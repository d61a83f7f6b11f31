"""RTCP as bytes: what we say, and what we read of what browsers say (RFC 3550, 4585, 5104, REMB draft). Pure."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_SENDER_REPORT, _RECEIVER_REPORT, _DESCRIPTION = 200, 201, 202
_TRANSPORT_FEEDBACK, _PAYLOAD_FEEDBACK = 205, 206
_NACK, _PICTURE_LOSS, _FULL_INTRA_REQUEST, _APPLICATION = 1, 1, 4, 15
_NTP_UNIX_OFFSET_S = 2_208_988_800
MAX_NACKED = 512
"""How many lost packets one compound packet may name; the rest is ignored."""


class SenderReport(NamedTuple):
    """`ntp` is the 64-bit NTP time of the sender's own clock at which its RTP clock showed `timestamp`."""

    ssrc: int
    ntp: int
    timestamp: int


class Nack(NamedTuple):
    ssrc: int
    seqs: tuple[int, ...]


class KeyFrameWanted(NamedTuple):
    ssrc: int


class ReceiverReport(NamedTuple):
    """How one stream arrived (RFC 3550 section 6.4.1). `fraction_lost` is of 256; `delay` in 1/65536 s.

    `last_report` is the middle of the NTP time in the last sender report that came, 0 when none did.
    """

    ssrc: int
    fraction_lost: int
    lost: int
    highest_seq: int
    jitter: int
    last_report: int
    delay: int


class BandwidthEstimate(NamedTuple):
    """REMB: what a browser thinks it can receive on all `ssrcs` together (draft-alvestrand-rmcat-remb-03)."""

    bits_per_s: int
    ssrcs: tuple[int, ...]


Notice = SenderReport | ReceiverReport | Nack | KeyFrameWanted | BandwidthEstimate


def read_compound(compound: bytes) -> Iterator[Notice]:
    """Everything in a compound packet that concerns us. Raises ValueError where it is malformed."""
    at, size = 0, len(compound)
    while at < size:
        if size < at + 4 or compound[at] & 0xC0 != 0x80:
            raise ValueError("not an RTCP header")
        count, kind = compound[at] & 0x1F, compound[at + 1]
        end = at + 4 + 4 * (compound[at + 2] << 8 | compound[at + 3])
        if end > size:
            raise ValueError("RTCP packet is truncated")
        yield from _read_packet(kind, count, compound[at + 4 : end - _padding(compound, at, end)])
        at = end


def _padding(compound: bytes, at: int, end: int) -> int:
    """Bytes of padding at the end of one packet (RFC 3550 section 6.4.1)."""
    if not compound[at] & 0x20:
        return 0
    padding = compound[end - 1]
    if padding == 0 or padding % 4 or padding > end - at - 4:
        raise ValueError("RTCP padding is out of bounds")
    return padding


def _read_packet(kind: int, count: int, body: bytes) -> Iterator[Notice]:
    if kind == _SENDER_REPORT:
        if len(body) < 24:
            raise ValueError("sender report is too short")
        ssrc, ntp, timestamp = struct.unpack_from("!IQI", body)
        yield SenderReport(ssrc, ntp, timestamp)
        yield from _report_blocks(body[24:], count)
    elif kind == _RECEIVER_REPORT:
        yield from _report_blocks(body[4:], count)
    elif kind in (_TRANSPORT_FEEDBACK, _PAYLOAD_FEEDBACK):
        if len(body) < 8:
            raise ValueError("feedback is too short")
        read = _read_payload_feedback if kind == _PAYLOAD_FEEDBACK else _read_transport_feedback
        yield from read(count, body)


def _report_blocks(blocks: bytes, count: int) -> Iterator[Notice]:
    if len(blocks) < 24 * count:
        raise ValueError("report blocks are missing")
    for at in range(0, 24 * count, 24):
        ssrc, losses, highest_seq, jitter, last_report, delay = struct.unpack_from("!IIIIII", blocks, at)
        lost = (losses & 0xFFFFFF ^ 0x800000) - 0x800000
        yield ReceiverReport(ssrc, losses >> 24, lost, highest_seq, jitter, last_report, delay)


def _read_transport_feedback(form: int, body: bytes) -> Iterator[Notice]:
    if form == _NACK:
        yield Nack(int.from_bytes(body[4:8], "big"), tuple(_nacked(body[8:])))


def _read_payload_feedback(form: int, body: bytes) -> Iterator[Notice]:
    if form == _PICTURE_LOSS:
        yield KeyFrameWanted(int.from_bytes(body[4:8], "big"))
    elif form == _FULL_INTRA_REQUEST:
        for at in range(8, len(body) - 7, 8):
            yield KeyFrameWanted(int.from_bytes(body[at : at + 4], "big"))
    elif form == _APPLICATION and body[8:12] == b"REMB":
        yield _bandwidth_estimate(body[12:])


def _bandwidth_estimate(item: bytes) -> BandwidthEstimate:
    count = item[0] if item else 0
    if len(item) < 4 + 4 * count:
        raise ValueError("REMB names more streams than it brings")
    packed = int.from_bytes(item[:4], "big")
    return BandwidthEstimate((packed & 0x3FFFF) << (packed >> 18 & 0x3F), struct.unpack_from(f"!{count}I", item, 4))


def _nacked(items: bytes) -> list[int]:
    seqs: list[int] = []
    for at in range(0, len(items) - 3, 4):
        first, following = struct.unpack_from("!HH", items, at)
        seqs.append(first)
        seqs += [first + bit + 1 & 0xFFFF for bit in range(16) if following >> bit & 1]
        if len(seqs) >= MAX_NACKED:
            break
    return seqs[:MAX_NACKED]


def _packet(count: int, kind: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def receiver_report(reporter: int, blocks: Sequence[ReceiverReport]) -> bytes:
    body = struct.pack("!I", reporter)
    for block in blocks:
        lost = max(-0x800000, min(block.lost, 0x7FFFFF)) & 0xFFFFFF
        body += struct.pack(
            "!IIIIII",
            block.ssrc,
            block.fraction_lost << 24 | lost,
            block.highest_seq & 0xFFFFFFFF,
            block.jitter & 0xFFFFFFFF,
            block.last_report,
            block.delay & 0xFFFFFFFF,
        )
    return _packet(len(blocks), _RECEIVER_REPORT, body)


def sender_report(ssrc: int, ntp: int, timestamp: int, packets: int, octets: int) -> bytes:
    body = struct.pack("!IQIII", ssrc, ntp, timestamp & 0xFFFFFFFF, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    return _packet(0, _SENDER_REPORT, body)


def description(ssrc: int, cname: str) -> bytes:
    """Which endpoint a stream belongs to: streams of one CNAME are played in step."""
    name = cname.encode("ascii")
    chunk = struct.pack("!IBB", ssrc, 1, len(name)) + name
    chunk += bytes(4 - len(chunk) % 4)  # at least one zero ends the list
    return _packet(1, _DESCRIPTION, chunk)


def nack(reporter: int, ssrc: int, seqs: Iterable[int]) -> bytes:
    """Ask for lost packets again; `seqs` are 16-bit numbers in sending order."""
    items: list[tuple[int, int]] = []
    for seq in seqs:
        if items and 0 < (ahead := seq - items[-1][0] & 0xFFFF) <= 16:
            items[-1] = (items[-1][0], items[-1][1] | 1 << ahead - 1)
        else:
            items.append((seq, 0))
    body = struct.pack("!II", reporter, ssrc) + b"".join(struct.pack("!HH", *item) for item in items)
    return _packet(_NACK, _TRANSPORT_FEEDBACK, body)


def picture_loss(reporter: int, ssrc: int) -> bytes:
    return _packet(_PICTURE_LOSS, _PAYLOAD_FEEDBACK, struct.pack("!II", reporter, ssrc))


def bandwidth_allowed(reporter: int, bits_per_s: int, ssrcs: Sequence[int]) -> bytes:
    """REMB: how much the browser may send on all `ssrcs` together (draft-alvestrand-rmcat-remb-03)."""
    exponent = max(0, bits_per_s.bit_length() - 18)
    mantissa = bits_per_s >> exponent
    body = struct.pack("!II4s", reporter, 0, b"REMB")
    body += struct.pack("!I", len(ssrcs) << 24 | exponent << 18 | mantissa)
    return _packet(_APPLICATION, _PAYLOAD_FEEDBACK, body + struct.pack(f"!{len(ssrcs)}I", *ssrcs))


def ntp_from_unix(unix_s: float) -> int:
    """64-bit NTP time."""
    return int((unix_s + _NTP_UNIX_OFFSET_S) * (1 << 32))
