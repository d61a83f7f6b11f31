"""Turns RTP payloads back into what the encoder made: Opus packets, VP8 frames, H.264 access units.

A picture that refers to a lost one is left out rather than shown smeared: after a hole, video waits for a key
frame and says so in `wants_key_frame`.
"""

from typing import Literal, NamedTuple, Protocol

from media.record.packets import RtpPacket

Codec = Literal["opus", "vp8", "h264"]
_START_CODE = b"\x00\x00\x00\x01"
_MAX_FRAME_BYTES = 8 * 1024 * 1024


class Sample(NamedTuple):
    """One encoded packet or picture. `shape` changes when a decoder would have to start anew."""

    content: bytes
    rtp_timestamp: int
    is_key: bool
    duration_ms: int
    shape: bytes


class Depacketiser(Protocol):
    """Takes the packets of one stream in order."""

    wants_key_frame: bool

    def feed(self, packet: RtpPacket, follows_hole: bool) -> Sample | None:
        """Take one packet; the sample that it completes, if it does."""
        ...


def depacketiser(codec: Codec) -> Depacketiser:
    """The depacketiser for a codec."""
    match codec:
        case "opus":
            return OpusDepacketiser()
        case "vp8":
            return Vp8Depacketiser()
        case "h264":
            return H264Depacketiser()


class OpusDepacketiser:
    """One payload, one packet (RFC 7587)."""

    wants_key_frame = False

    def feed(self, packet: RtpPacket, follows_hole: bool) -> Sample | None:
        if not packet.payload:
            return None
        return Sample(packet.payload, packet.timestamp, True, opus_duration_ms(packet.payload), b"")


def opus_duration_ms(packet: bytes) -> int:
    """How long an Opus packet lasts, in whole ms, from its first bytes (RFC 6716 section 3.1)."""
    config = packet[0] >> 3
    if config < 12:
        frame_ms = (10.0, 20.0, 40.0, 60.0)[config & 3]
    elif config < 16:
        frame_ms = (10.0, 20.0)[config & 1]
    else:
        frame_ms = (2.5, 5.0, 10.0, 20.0)[config & 3]
    frames = {0: 1, 1: 2, 2: 2}.get(packet[0] & 3) or (packet[1] & 0x3F if len(packet) > 1 else 1)
    return max(1, round(frame_ms * frames))


class _Pictures:
    """What VP8 and H.264 share: parts of one picture, and the wait for a key frame."""

    def __init__(self) -> None:
        self.wants_key_frame = True
        self._parts: list[bytes] = []
        self._parts_bytes = 0
        self._timestamp: int | None = None

    def _give_up(self) -> None:
        self._parts.clear()
        self._parts_bytes = 0
        self.wants_key_frame = True

    def _add(self, part: bytes) -> None:
        self._parts_bytes += len(part)
        if self._parts_bytes > _MAX_FRAME_BYTES:
            self._give_up()
        else:
            self._parts.append(part)

    def _take(self) -> list[bytes]:
        parts, self._parts, self._parts_bytes = self._parts, [], 0
        return parts


class Vp8Depacketiser(_Pictures):
    """Frames from payloads with the descriptor of RFC 7741 section 4.2."""

    def __init__(self) -> None:
        super().__init__()
        self._shape = b""

    def feed(self, packet: RtpPacket, follows_hole: bool) -> Sample | None:
        if follows_hole:
            self._give_up()
        descriptor = vp8_descriptor_bytes(packet.payload)
        if descriptor is None:
            return None
        if packet.payload[0] & 0x17 == 0x10:  # S set, partition 0: a frame begins
            if self._parts:
                self._give_up()
            self._timestamp = packet.timestamp
        elif not self._parts or packet.timestamp != self._timestamp:
            self._give_up()
            return None
        self._add(packet.payload[descriptor:])
        return self._complete(packet.timestamp) if packet.marker else None

    def _complete(self, timestamp: int) -> Sample | None:
        frame = b"".join(self._take())
        is_key = len(frame) >= 10 and not frame[0] & 1 and frame[3:6] == b"\x9d\x01\x2a"
        if is_key:
            self._shape = frame[6:10]
            self.wants_key_frame = False
        if self.wants_key_frame or len(frame) < 3:
            return None
        return Sample(frame, timestamp, is_key, 0, self._shape)


def vp8_descriptor_bytes(payload: bytes) -> int | None:
    """Length of the VP8 payload descriptor; None when nothing follows it."""
    if len(payload) < 2:
        return None
    length = 1
    if payload[0] & 0x80:
        extensions = payload[1]
        length = 2
        if extensions & 0x80:
            length += 2 if len(payload) > length and payload[length] & 0x80 else 1
        length += bool(extensions & 0x40) + bool(extensions & 0x30)
    return length if len(payload) > length else None


def vp8_size(shape: bytes) -> tuple[int, int]:
    """Width and height in pixels from a key frame's size field (RFC 6386 section 9.1)."""
    return int.from_bytes(shape[0:2], "little") & 0x3FFF, int.from_bytes(shape[2:4], "little") & 0x3FFF


class H264Depacketiser(_Pictures):
    """Access units in Annex B form from RFC 6184 payloads: single NAL units, STAP-A and FU-A."""

    def __init__(self) -> None:
        super().__init__()
        self._sps = b""
        self._pps = b""
        self._sps_timestamp: int | None = None
        self._fragment: bytearray | None = None

    def feed(self, packet: RtpPacket, follows_hole: bool) -> Sample | None:
        if follows_hole or (self._parts and packet.timestamp != self._timestamp):
            self._give_up()
            self._fragment = None
        if not packet.payload:
            return None
        self._timestamp = packet.timestamp
        kind = packet.payload[0] & 0x1F
        if kind == 28:
            self._feed_fragment(packet.payload)
        elif kind == 24:
            self._feed_aggregate(packet.payload)
        elif 1 <= kind <= 23:
            self._add_unit(packet.payload)
        return self._complete(packet.timestamp) if packet.marker else None

    def _feed_fragment(self, payload: bytes) -> None:
        if len(payload) < 3:
            return
        if payload[1] & 0x80:
            self._fragment = bytearray([(payload[0] & 0xE0) | (payload[1] & 0x1F)])
        if self._fragment is None:
            return
        self._fragment += payload[2:]
        if payload[1] & 0x40 or len(self._fragment) > _MAX_FRAME_BYTES:
            unit, self._fragment = bytes(self._fragment), None
            self._add_unit(unit)

    def _feed_aggregate(self, payload: bytes) -> None:
        at = 1
        while at + 2 < len(payload):
            length = int.from_bytes(payload[at : at + 2], "big")
            if length:
                self._add_unit(payload[at + 2 : at + 2 + length])
            at += 2 + length

    def _add_unit(self, unit: bytes) -> None:
        kind = unit[0] & 0x1F
        if kind == 7:
            self._sps = unit
            self._sps_timestamp = self._timestamp
        elif kind == 8:
            self._pps = unit
        elif kind != 9:  # delimiters say nothing here
            self._add(unit)

    def _complete(self, timestamp: int) -> Sample | None:
        units = self._take()
        has_picture = any(1 <= unit[0] & 0x1F <= 5 for unit in units)
        is_key = any(unit[0] & 0x1F == 5 for unit in units) and bool(self._sps and self._pps)
        if is_key and (not self.wants_key_frame or self._sps_timestamp == timestamp):
            # After a loss only a picture that begins with its parameter sets is surely whole.
            self.wants_key_frame = False
            units = [self._sps, self._pps, *units]
        if self.wants_key_frame or not has_picture:
            return None
        content = b"".join(_START_CODE + unit for unit in units)
        return Sample(content, timestamp, is_key, 0, self._sps)
