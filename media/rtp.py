"""RTP packets as bytes: header arithmetic, key frames and repairs (RFC 3550, 4588, 7741, 6184, 8285). Pure."""

import struct
from typing import Literal

CodecName = Literal["opus", "vp8", "h264"]

FIXED_HEADER = struct.Struct("!BBHII")
"""First byte, marker and payload type, sequence number, timestamp, SSRC."""

SEQ_TIME_SSRC = struct.Struct("!HII")
"""What follows the first two bytes of an RTP packet."""

CLOCK_RATES: dict[CodecName, int] = {"opus": 48000, "vp8": 90000, "h264": 90000}

_HEADER_BYTES = 12
_MARKER = 0x80
_PADDING = 0x20
_EXTENSION = 0x10
_VERSION = 0x80
_ONE_BYTE_PROFILE = 0xBEDE


def is_rtcp(second_byte: int) -> bool:
    """Tell RTCP from RTP on a shared port (RFC 5761 section 4)."""
    return 192 <= second_byte <= 223


def payload_offset(packet: bytes | memoryview) -> int:
    """Where the payload begins: after CSRCs and header extension. -1 when the packet is malformed."""
    size = len(packet)
    if size < _HEADER_BYTES or packet[0] & 0xC0 != _VERSION:
        return -1
    first = packet[0]
    offset = _HEADER_BYTES + 4 * (first & 0x0F)
    if first & _EXTENSION:
        if size < offset + 4:
            return -1
        offset += 4 + 4 * (packet[offset + 2] << 8 | packet[offset + 3])
    end = size
    if first & _PADDING:
        padding = packet[-1]
        if padding == 0:
            return -1
        end -= padding
    return offset if offset <= end else -1


def unwrap(seq: int, near: int) -> int:
    """The 16-bit number `seq` as the nearest value to `near` on an endless line."""
    return near + ((seq - near + 0x8000) & 0xFFFF) - 0x8000


def starts_vp8_key_frame(packet: bytes | memoryview, offset: int) -> bool:
    """Whether this is the first packet of a VP8 key frame (RFC 7741 sections 4.2 and 4.3)."""
    size = len(packet)
    if offset >= size:
        return False
    first = packet[offset]
    if first & 0x17 != 0x10:  # not the start of partition 0
        return False
    at = offset + 1
    if first & 0x80:
        if at >= size:
            return False
        flags = packet[at]
        at += 1
        if flags & 0x80:
            if at >= size:
                return False
            at += 2 if packet[at] & 0x80 else 1
        if flags & 0x40:
            at += 1
        if flags & 0x30:
            at += 1
    return at < size and packet[at] & 0x01 == 0


def vp8_picture(packet: bytes | memoryview, offset: int, end: int) -> tuple[int, int, int] | None:
    """Picture id, its width in bits (7 or 15) and TL0PICIDX of a VP8 payload (RFC 7741 section 4.2).

    None where the payload carries no picture id; TL0PICIDX is -1 where there is none.
    """
    at = offset + 2
    if end < at + 1 or not packet[offset] & 0x80 or not packet[offset + 1] & 0x80:
        return None
    if not packet[at] & 0x80:
        picture, bits, at = packet[at], 7, at + 1
    elif end < at + 2:
        return None
    else:
        picture, bits, at = (packet[at] & 0x7F) << 8 | packet[at + 1], 15, at + 2
    has_tl0 = packet[offset + 1] & 0x40 and end > at
    return picture, bits, packet[at] if has_tl0 else -1


def shift_vp8_picture(packet: memoryview, offset: int, end: int, by: int, tl0_by: int) -> None:
    """Renumber a VP8 payload's picture id and TL0PICIDX in place, so that they go on across a switch of layers."""
    found = vp8_picture(packet, offset, end)
    if found is None:
        return
    picture, bits, tl0 = found
    at = offset + 2
    if bits == 7:
        packet[at] = picture + by & 0x7F
    else:
        packet[at] = 0x80 | (picture + by >> 8 & 0x7F)
        packet[at + 1] = picture + by & 0xFF
    if tl0 >= 0:
        packet[at + bits // 7] = tl0 + tl0_by & 0xFF


def starts_h264_key_frame(packet: bytes | memoryview, offset: int) -> bool:
    """Whether an H.264 decoder can start here: parameter sets, or the start of an IDR picture (RFC 6184)."""
    size = len(packet)
    if offset >= size:
        return False
    kind = packet[offset] & 0x1F
    if kind in (5, 7):
        return True
    if kind == 24:  # STAP-A: look at each unit in it
        at = offset + 1
        while at + 2 < size:
            if packet[at + 2] & 0x1F in (5, 7):
                return True
            at += 2 + (packet[at] << 8 | packet[at + 1])
        return False
    if kind == 28 and offset + 1 < size:  # FU-A: only its first fragment
        fragment = packet[offset + 1]
        return bool(fragment & 0x80) and fragment & 0x1F in (5, 7)
    return False


def starts_key_frame(codec: CodecName, packet: bytes | memoryview, offset: int) -> bool:
    """Whether a decoder can start with this packet. Sound can start anywhere."""
    if codec == "vp8":
        return starts_vp8_key_frame(packet, offset)
    if codec == "h264":
        return starts_h264_key_frame(packet, offset)
    return True


def unwrap_repair(repair: bytes, offset: int, payload_type: int, ssrc: int) -> bytes | None:
    """The lost packet that an RTX packet carries; None when it carries none (RFC 4588 section 4).

    `payload_type` and `ssrc` are those of the original stream. Browsers also send empty repairs as probes.
    """
    end = len(repair) - (repair[-1] if repair[0] & _PADDING else 0)
    if end - offset <= 2:
        return None
    timestamp = int.from_bytes(repair[4:8], "big")
    lost_seq = repair[offset] << 8 | repair[offset + 1]
    header = FIXED_HEADER.pack(_VERSION, repair[1] & _MARKER | payload_type, lost_seq, timestamp, ssrc)
    return header + repair[offset + 2 : end]


def one_byte_extensions(packet: bytes | memoryview, offset: int) -> dict[int, tuple[int, int]]:
    """Where the one-byte header extensions stand: (offset, length) by id (RFC 8285 section 4.2).

    `offset` is where the payload begins, as `payload_offset` gave it. Empty for any other form of extension.
    """
    found: dict[int, tuple[int, int]] = {}
    at = _HEADER_BYTES + 4 * (packet[0] & 0x0F)
    if not packet[0] & _EXTENSION or packet[at] << 8 | packet[at + 1] != _ONE_BYTE_PROFILE:
        return found
    at += 4
    while at < offset:
        number, length = packet[at] >> 4, (packet[at] & 0x0F) + 1
        if number == 0:
            at += 1
        elif number == 15 or at + 1 + length > offset:
            break
        else:
            found[number] = (at + 1, length)
            at += 1 + length
    return found


def mid_extension(extension_id: int, mid: str) -> bytes:
    """A whole one-byte-header extension block that holds the MID (RFC 8285 section 4.2, RFC 8843)."""
    value = mid.encode("ascii")
    if not 1 <= extension_id <= 14 or not 1 <= len(value) <= 16:
        raise ValueError("a one-byte extension has an id of 1 to 14 and 1 to 16 bytes")
    element = bytes([extension_id << 4 | len(value) - 1]) + value
    element += bytes(-len(element) % 4)
    return struct.pack("!HH", _ONE_BYTE_PROFILE, len(element) // 4) + element
