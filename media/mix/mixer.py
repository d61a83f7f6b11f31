"""Everybody's mix: of each listener's own voices, and of no other, 20 ms at a time. No clock, no socket."""

from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np

from media.film.limiter import Limiter
from media.mix.voice import Frame, Voice, Wave
from media.mix.words import FRAME_TICKS, Mix, Mixed, Plan

BITS_PER_S = 24_000
"""Always as much: with 68 octets a packet for IP, UDP, RTP and SRTP it makes 51 kbit/s on the wire, whoever speaks."""
EXPECTED_LOSS_PERCENT = 5
"""At 10 the repeats take so much of a constant rate that the sound itself suffers: measured with tones."""
_RATE_HZ = 48_000


@dataclass
class _Part:
    """One voice in one mix. What arrived before plan `since` was not this listener's to hear."""

    wanted: float
    since: int
    gain: float = 0.0
    is_begun: bool = False

    def heard(self, frame: Frame) -> Wave | None:
        """The frame as loud as it should be, without a leap.

        The first one that is all new is left out: a decoder still sounds for some milliseconds of what came before.
        """
        if frame.generation < self.since:
            return None
        if not self.is_begun:
            self.is_begun = True
            return None
        before, self.gain = self.gain, self.wanted
        if before == self.gain:
            return frame.wave * np.float32(self.gain)
        return (frame.wave * np.linspace(before, self.gain, FRAME_TICKS)).astype(np.float32)


@dataclass
class _Listener:
    """One mix under way: its parts, and what codes it."""

    parts: dict[int, _Part]
    limiter: Limiter = field(default_factory=Limiter)
    coder: av.AudioCodecContext = field(default_factory=lambda: _coder())

    def code(self, frames: dict[int, Frame], ticks: int) -> bytes:
        """This listener's next packet; empty if the coder gave none."""
        mix = np.zeros(FRAME_TICKS, np.float32)
        for number, part in self.parts.items():
            frame = frames.get(number)
            if frame is not None and (wave := part.heard(frame)) is not None:
                mix += wave
        sound = av.AudioFrame.from_ndarray(self.limiter.limit(mix).reshape(1, -1), format="flt", layout="mono")
        sound.sample_rate, sound.time_base, sound.pts = _RATE_HZ, Fraction(1, _RATE_HZ), ticks
        return b"".join(bytes(packet) for packet in self.coder.encode(sound)[:1])


class Mixer:
    """Obeys the newest plan. `tick` every 20 ms."""

    def __init__(self) -> None:
        self._generation = 0
        self._ticks = 0
        self._listeners: dict[int, _Listener] = {}
        self._voices: dict[int, Voice] = {}

    def obey(self, plan: Plan) -> None:
        """From the next tick on, nobody hears what this plan doesn't give them."""
        self._generation = plan.generation
        self._listeners = {mix.listener: self._going_on(mix) for mix in plan.mixes}
        wanted = {number for mix in plan.mixes for number in mix.voices}
        self._voices = {number: self._voices.get(number) or Voice() for number in wanted}

    def _going_on(self, mix: Mix) -> _Listener:
        before = self._listeners.get(mix.listener)
        known = {} if before is None else before.parts
        parts = {number: known.get(number) or _Part(gain, self._generation) for number, gain in mix.voices.items()}
        for number, gain in mix.voices.items():
            parts[number].wanted = gain
        if before is None or known.keys() - parts.keys():
            return _Listener(parts)  # a coder too remembers a little of the voice that went
        before.parts = parts
        return before

    def hear(self, source: int, packet: bytes) -> None:
        """A source's RTP packet; of nobody's voice it is left out."""
        if (voice := self._voices.get(source)) is not None:
            voice.take(packet, self._generation)

    def tick(self) -> list[Mixed]:
        """The next packet of everybody who may hear somebody."""
        frames = {}
        for number, voice in self._voices.items():
            if (frame := voice.next_frame()) is not None:
                frames[number] = frame
        ticks, self._ticks = self._ticks, self._ticks + FRAME_TICKS
        return [
            Mixed(self._generation, number, ticks, payload)
            for number, listener in self._listeners.items()
            if listener.parts and (payload := listener.code(frames, ticks))
        ]

    def skip(self, ticks: int) -> None:
        """Time passed in which nothing was mixed, in samples."""
        self._ticks += ticks


def _coder() -> av.AudioCodecContext:
    coder = av.CodecContext.create("libopus", "w")
    if not isinstance(coder, av.AudioCodecContext):
        raise TypeError("opus is a sound codec")
    coder.sample_rate, coder.layout, coder.format, coder.bit_rate = _RATE_HZ, "mono", "flt", BITS_PER_S
    coder.time_base = Fraction(1, _RATE_HZ)
    coder.options = {
        "application": "voip",
        "frame_duration": "20",
        "vbr": "off",
        "fec": "1",
        "packet_loss": str(EXPECTED_LOSS_PERCENT),
    }
    return coder
