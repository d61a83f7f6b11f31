"""RTP as the golden vectors' own reference writes and reads it. Uses nothing of the code that it judges."""

import hashlib
import struct
from dataclasses import dataclass, field
from typing import Any, Literal

from pylibsrtp import Policy, Session

Direction = Literal["up", "down"]
PROFILES = {
    "AEAD_AES_256_GCM": (Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 32 + 12),
    "AEAD_AES_128_GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16 + 12),
    "AES128_CM_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16 + 14),
}
"""SRTP profiles by their DTLS names, with the length of key and salt (RFC 5764, RFC 7714)."""
REPLAY_WINDOW = 1024


def key_of(profile: str, name: str, direction: Direction) -> bytes:
    """A key that nobody should use for anything else."""
    return hashlib.sha512(f"{profile} {name} {direction}".encode()).digest()[: PROFILES[profile][1]]


def session(profile: str, key: bytes, *, outbound: bool) -> Any:
    """libsrtp as both ends of a connection set it up: a sender may send the same packet twice."""
    kind = Policy.SSRC_ANY_OUTBOUND if outbound else Policy.SSRC_ANY_INBOUND
    policy = Policy(key=key, ssrc_type=kind, srtp_profile=PROFILES[profile][0])
    policy.allow_repeat_tx, policy.window_size = True, REPLAY_WINDOW
    return Session(policy)


@dataclass
class Rtp:
    """One packet (RFC 3550 section 5.1). `extension` is (profile, whole words); `padding` counts octets."""

    payload_type: int
    seq: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False
    csrcs: tuple[int, ...] = ()
    extension: tuple[int, bytes] | None = None
    padding: int = 0
    fields: dict[int, bytes] = field(default_factory=dict)
    """One-byte header extensions by id, in order (RFC 8285); become `extension`."""

    def __post_init__(self) -> None:
        if self.fields:
            items = b"".join(bytes([number << 4 | len(v) - 1]) + v for number, v in self.fields.items())
            self.extension = (0xBEDE, items + bytes(-len(items) % 4))

    def octets(self) -> bytes:
        first = 2 << 6 | bool(self.padding) << 5 | (self.extension is not None) << 4 | len(self.csrcs)
        second = self.marker << 7 | self.payload_type
        head = struct.pack("!BBHII", first, second, self.seq & 0xFFFF, self.timestamp & 0xFFFFFFFF, self.ssrc)
        head += b"".join(struct.pack("!I", csrc) for csrc in self.csrcs)
        if self.extension is not None:
            profile, words = self.extension
            head += struct.pack("!HH", profile, len(words) // 4) + words
        return head + self.body()

    def body(self) -> bytes:
        """The payload with its padding."""
        return self.payload + (bytes(self.padding - 1) + bytes([self.padding]) if self.padding else b"")


@dataclass
class Picture:
    """The VP8 payload descriptor's picture id and TL0PICIDX (RFC 7741 section 4.2)."""

    number: int
    bits: Literal[7, 15]
    tl0: int | None = None

    def written(self) -> bytes:
        wide = self.bits == 15
        number = struct.pack("!H", 0x8000 | self.number & 0x7FFF) if wide else bytes([self.number & 0x7F])
        return number + (b"" if self.tl0 is None else bytes([self.tl0 & 0xFF]))


def vp8(content: bytes, picture: Picture | None = None, *, starts: bool = True, key: bool = False) -> bytes:
    """A VP8 payload. `starts`: the frame begins here; the first bit of its content is 0 in a key frame."""
    first, flags = starts << 4, 0
    if picture is not None:
        first |= 0x80
        flags = 0x80 | (picture.tl0 is not None) << 6 | (picture.tl0 is not None) << 5
    descriptor = bytes([first]) if picture is None else bytes([first, flags]) + picture.written()
    if picture is not None and picture.tl0 is not None:
        descriptor += b"\x20"  # TID 0, Y
    tag = bytes([0x10 if key else 0x11]) if starts else b""
    return descriptor + tag + content


def read_picture(payload: bytes) -> Picture | None:
    if len(payload) < 3 or not payload[0] & 0x80 or not payload[1] & 0x80:
        return None
    if payload[2] & 0x80:
        tl0 = payload[4] if payload[1] & 0x40 else None
        return Picture((payload[2] & 0x7F) * 256 + payload[3], 15, tl0)
    return Picture(payload[2], 7, payload[3] if payload[1] & 0x40 else None)


def with_picture(payload: bytes, picture: Picture) -> bytes:
    """The same payload under other picture numbers of the same width."""
    written = picture.written()
    return payload[:2] + written + payload[2 + len(written) :]


def begins_key_frame(codec: str, payload: bytes) -> bool:
    """Whether a decoder can begin here; sound can begin anywhere."""
    if codec == "opus":
        return True
    if codec == "h264":
        kind = payload[0] & 0x1F
        if kind == 28:
            return bool(payload[1] & 0x80) and payload[1] & 0x1F in (5, 7)
        return kind in (5, 7) or (kind == 24 and payload[3] & 0x1F in (5, 7))
    if not payload[0] & 0x10 or payload[0] & 0x07:
        return False
    picture = read_picture(payload)
    at = 1
    if payload[0] & 0x80:
        at = 2 + len(picture.written() if picture is not None else b"") + bool(payload[1] & 0x30)
    return not payload[at] & 1
