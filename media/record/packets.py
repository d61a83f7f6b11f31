"""What the recorder reads in an RTP packet (RFC 3550 section 5.1)."""

from typing import NamedTuple

_FIXED_HEADER_BYTES = 12


class RtpPacket(NamedTuple):
    """Header fields the record needs, and the payload without padding."""

    sequence: int
    timestamp: int
    ssrc: int
    marker: bool
    payload: bytes


def parse_rtp(packet: bytes) -> RtpPacket | None:
    """Read one packet; None when it isn't whole."""
    if len(packet) < _FIXED_HEADER_BYTES or packet[0] >> 6 != 2:
        return None
    start = _FIXED_HEADER_BYTES + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10:
        if len(packet) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(packet[start + 2 : start + 4], "big")
    end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
    if end < start:
        return None
    return RtpPacket(
        sequence=int.from_bytes(packet[2:4], "big"),
        timestamp=int.from_bytes(packet[4:8], "big"),
        ssrc=int.from_bytes(packet[8:12], "big"),
        marker=bool(packet[1] & 0x80),
        payload=packet[start:end],
    )


def signed_distance(later: int, earlier: int, bits: int) -> int:
    """How far `later` is after `earlier` on a counter that wraps at 2**bits; negative when before."""
    half = 1 << (bits - 1)
    return ((later - earlier + half) & ((1 << bits) - 1)) - half
