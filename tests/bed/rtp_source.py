"""A person's camera and microphone as RTP: real encoders, and the packets a browser would make of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.routing import MediaKind
from media.record.depacketise import Codec

_MAX_PAYLOAD_BYTES = 1100
_OPUS_LOOKAHEAD = 312
Colour = tuple[int, int, int]


class Arrival(NamedTuple):
    """Something that reaches the server `at_s` seconds after the source began."""

    at_s: float
    kind: MediaKind
    codec: Codec
    packet: bytes
    report: tuple[int, int] | None
    """Of a sender report: 64-bit NTP time and RTP timestamp; then `packet` is empty."""


@dataclass
class Wire:
    """RTP headers of one stream."""

    ssrc: int
    payload_type: int
    sequence: int
    first_timestamp: int

    def packet(self, payload: bytes, ticks: int, marker: bool) -> bytes:
        header = bytes([0x90, self.payload_type | (0x80 if marker else 0)])
        header += self.sequence.to_bytes(2, "big") + self.timestamp(ticks).to_bytes(4, "big")
        header += self.ssrc.to_bytes(4, "big") + b"\xbe\xde\x00\x01\x10\x80\x00\x00"
        self.sequence = (self.sequence + 1) & 0xFFFF
        return header + payload

    def timestamp(self, ticks: int) -> int:
        return (self.first_timestamp + ticks) & 0xFFFFFFFF


@dataclass
class RtpSource:
    """One person who shows a colour and sounds a tone; with `blinks`, a white flash and a beep each second."""

    participant_id: ParticipantId
    colour: Colour = (40, 90, 160)
    tone_hz: float = 440.0
    size: tuple[int, int] = (320, 240)
    fps: int = 25
    codec: Literal["vp8", "h264"] = "vp8"
    blinks: bool = False
    loudness: float = 0.3
    """Amplitude of the tone; above 1 it is cut off, as an overdriven microphone does."""
    ntp_offset_s: float = 3_900_000_000.0
    """The publisher's NTP clock when the source began."""
    video: Wire = field(default_factory=lambda: Wire(0x1111, 96, 65_500, 0xFFFF_0000))
    audio: Wire = field(default_factory=lambda: Wire(0x2222, 111, 1000, 0xFFFF_F000))

    def arrivals(
        self, seconds: float, *, from_s: float = 0.0, kinds: tuple[MediaKind, ...] = ("audio", "video")
    ) -> list[Arrival]:
        """Everything of that stretch in order of arrival, a sender report per kind each second included."""
        found: list[Arrival] = []
        if "video" in kinds:
            found += self._pictures(seconds, from_s)
        if "audio" in kinds:
            found += self._sounds(seconds, from_s)
        found += self._reports(seconds, from_s, kinds)
        return sorted(found, key=lambda arrival: arrival.at_s)

    def _pictures(self, seconds: float, from_s: float) -> Iterator[Arrival]:
        encoder = av.CodecContext.create("libvpx" if self.codec == "vp8" else "libx264", "w")
        assert isinstance(encoder, av.VideoCodecContext)
        encoder.width, encoder.height = self.size
        encoder.pix_fmt = "yuv420p"
        encoder.time_base = Fraction(1, self.fps)
        encoder.framerate = Fraction(self.fps)
        encoder.gop_size = 2 * self.fps
        encoder.bit_rate = 300_000
        encoder.options = (
            {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
            if self.codec == "vp8"
            else {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "aud": "0"}
        )
        for number in range(round(seconds * self.fps)):
            at_s = from_s + number / self.fps
            frame = av.VideoFrame.from_ndarray(self._picture(at_s), format="rgb24").reformat(format="yuv420p")
            frame.pts = number
            for coded in encoder.encode(frame):
                yield from self._picture_packets(bytes(coded), at_s)

    def _picture(self, at_s: float) -> NDArray[np.uint8]:
        width, height = self.size
        picture = np.empty((height, width, 3), np.uint8)
        picture[:] = self.colour
        if self.blinks and at_s % 1 < 0.1:
            picture[:] = 255
        # Something that moves, as a face would.
        left = round(at_s * 40) % max(1, width - 16)
        picture[height // 2 : height // 2 + 8, left : left + 16] = 30
        return picture

    def _picture_packets(self, coded: bytes, at_s: float) -> Iterator[Arrival]:
        payloads = vp8_payloads(coded, round(at_s * self.fps)) if self.codec == "vp8" else h264_payloads(coded)
        for number, payload in enumerate(payloads):
            packet = self.video.packet(payload, round(at_s * 90_000), number == len(payloads) - 1)
            yield Arrival(at_s + number * 0.0005, "video", self.codec, packet, None)

    def _sounds(self, seconds: float, from_s: float) -> Iterator[Arrival]:
        encoder = av.CodecContext.create("libopus", "w")
        assert isinstance(encoder, av.AudioCodecContext)
        encoder.sample_rate = 48_000
        encoder.layout = "mono"
        encoder.format = "s16"
        encoder.bit_rate = 32_000
        for number in range(round(seconds * 50)):
            ticks = np.arange(960) + number * 960 + round(from_s * 48_000)
            wave = (np.clip(self._sound(ticks), -1, 1) * 32_767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate = 48_000
            frame.pts = number * 960
            for coded in encoder.encode(frame):
                first = (coded.pts or 0) + _OPUS_LOOKAHEAD + round(from_s * 48_000)
                packet = self.audio.packet(bytes(coded), first, marker=False)
                yield Arrival(first / 48_000, "audio", "opus", packet, None)

    def _sound(self, ticks: NDArray[np.int64]) -> NDArray[np.floating]:
        loudness = np.where(ticks % 48_000 < 4_800, 0.5, 0.0) if self.blinks else self.loudness
        return np.sin(2 * np.pi * self.tone_hz * ticks / 48_000) * loudness

    def _reports(self, seconds: float, from_s: float, kinds: tuple[MediaKind, ...]) -> Iterator[Arrival]:
        for second in range(int(seconds)):
            at_s = from_s + second + 0.5
            ntp = round((self.ntp_offset_s + at_s) * 2**32)
            if "video" in kinds:
                report = (ntp, self.video.timestamp(round(at_s * 90_000)))
                yield Arrival(at_s, "video", self.codec, b"", report)
            if "audio" in kinds:
                yield Arrival(at_s, "audio", "opus", b"", (ntp, self.audio.timestamp(round(at_s * 48_000))))


def vp8_payloads(frame: bytes, picture_id: int) -> list[bytes]:
    """RFC 7741 payloads of one frame, with a 15-bit picture id."""
    parts = [frame[at : at + _MAX_PAYLOAD_BYTES] for at in range(0, len(frame), _MAX_PAYLOAD_BYTES)]
    number = (0x8000 | (picture_id & 0x7FFF)).to_bytes(2, "big")
    return [bytes([0x80 | (0x10 if first else 0), 0x80]) + number + part for first, part in _marked(parts)]


def h264_payloads(unit: bytes) -> list[bytes]:
    """RFC 6184 payloads of one access unit: STAP-A for the parameter sets, FU-A for what is long."""
    units = [found for found in _annex_b(unit) if found]
    sets = [found for found in units if found[0] & 0x1F in (6, 7, 8)]
    payloads = []
    if sets:
        payloads.append(bytes([0x78]) + b"".join(len(found).to_bytes(2, "big") + found for found in sets))
    for found in units:
        if found in sets:
            continue
        if len(found) <= _MAX_PAYLOAD_BYTES:
            payloads.append(found)
            continue
        body = [found[at : at + _MAX_PAYLOAD_BYTES] for at in range(1, len(found), _MAX_PAYLOAD_BYTES)]
        for number, part in enumerate(body):
            edge = (0x80 if number == 0 else 0) | (0x40 if number == len(body) - 1 else 0)
            payloads.append(bytes([found[0] & 0xE0 | 28, edge | found[0] & 0x1F]) + part)
    return payloads


def _annex_b(stream: bytes) -> list[bytes]:
    return [part.rstrip(b"\x00") for part in stream.split(b"\x00\x00\x01")]


def _marked(parts: list[bytes]) -> list[tuple[bool, bytes]]:
    return [(number == 0, part) for number, part in enumerate(parts)]
