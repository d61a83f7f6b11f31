"""One person's sound on its way into the mixes: decoded as it comes, and held back just long enough to be even."""

from collections import deque
from typing import NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from media.mix.words import FRAME_TICKS
from media.rtp import payload_offset

Wave = NDArray[np.float32]
"""Mono at 48 kHz, full scale is 1."""

FIRST_TARGET = 2 * FRAME_TICKS
LONGEST_TARGET = 4 * FRAME_TICKS
"""In samples: so much is gathered before a voice begins, more where the packets come unevenly."""
SPARE = 2 * FRAME_TICKS
"""Beyond the target, a quiet frame is left out; at twice that, any."""
QUIET = 0.003
CONCEALED_PACKETS = 3
_EVEN_FRAMES = 1500
"""After 30 s without a hole the target shrinks again."""


class Frame(NamedTuple):
    """20 ms of a voice; `generation` is that of the plan under which its oldest sample arrived."""

    wave: Wave
    generation: int


class Voice:
    """Takes RTP packets of one source, gives a frame every 20 ms, or None while there is nothing to play.

    A packet that comes after a later one is too late and left out; up to three lost ones are filled with what was
    heard last, ever softer.
    """

    def __init__(self) -> None:
        self._waiting: deque[Frame] = deque()
        self._samples = 0
        self._target = FIRST_TARGET
        self._plays = False
        self._even_frames = 0
        self._ssrc: bytes | None = None
        self._last_seq = 0
        self._last: Frame | None = None
        self._decoder = _decoder()

    @property
    def waiting_samples(self) -> int:
        return self._samples

    def take(self, packet: bytes, generation: int) -> None:
        """One packet, arrived under that plan. What can't be read or decoded is left out."""
        offset = payload_offset(packet)
        if offset < 0 or offset == len(packet):
            return
        ssrc, seq = packet[8:12], int.from_bytes(packet[2:4], "big")
        if ssrc != self._ssrc:
            self._begin(ssrc, seq)
        ahead = (seq - self._last_seq) & 0xFFFF
        if ahead == 0 or ahead >= 0x8000:
            return
        self._last_seq = seq
        self._conceal(ahead - 1)
        end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
        wave = self._decoded(packet[offset:end])
        if wave is not None:
            self._last = Frame(wave, generation)
            self._put(self._last)

    def _begin(self, ssrc: bytes, seq: int) -> None:
        self._ssrc, self._last_seq, self._last = ssrc, (seq - 1) & 0xFFFF, None
        self._waiting.clear()
        self._samples, self._plays = 0, False
        self._decoder = _decoder()

    def _conceal(self, lost: int) -> None:
        if self._last is None or not 0 < lost <= CONCEALED_PACKETS:
            return
        for number in range(lost):
            wave = self._last.wave * np.linspace(0.5**number, 0.5 ** (number + 1), len(self._last.wave))
            self._put(Frame(wave.astype(np.float32), self._last.generation))

    def _decoded(self, payload: bytes) -> Wave | None:
        try:
            frames = self._decoder.decode(av.Packet(payload))
        except (av.FFmpegError, ValueError):
            self._decoder = _decoder()
            return None
        waves = [frame.to_ndarray().astype(np.float32).mean(axis=0) / 32768 for frame in frames]
        return np.concatenate(waves).astype(np.float32) if waves else None

    def _put(self, frame: Frame) -> None:
        self._waiting.append(frame)
        self._samples += len(frame.wave)

    def next_frame(self) -> Frame | None:
        """The next 20 ms. None until enough is there to begin, or to begin again."""
        if not self._plays and self._samples < self._target:
            return None
        if self._samples < FRAME_TICKS:
            self._plays, self._even_frames = False, 0
            self._target = min(LONGEST_TARGET, self._target + FRAME_TICKS // 2)
            return None
        self._plays = True
        self._even_frames += 1
        if self._even_frames % _EVEN_FRAMES == 0:
            self._target = max(FIRST_TARGET, self._target - FRAME_TICKS // 2)
        frame = self._cut()
        over = self._samples - self._target
        if over > 2 * SPARE or (over > SPARE and float(np.abs(frame.wave).max()) < QUIET):
            frame = self._cut()
        return frame

    def _cut(self) -> Frame:
        parts: list[Wave] = []
        missing, generation = FRAME_TICKS, self._waiting[0].generation
        while missing:
            first = self._waiting.popleft()
            parts.append(first.wave[:missing])
            if len(first.wave) > missing:
                self._waiting.appendleft(Frame(first.wave[missing:], first.generation))
            missing -= len(parts[-1])
        self._samples -= FRAME_TICKS
        return Frame(np.concatenate(parts), generation)


def _decoder() -> av.AudioCodecContext:
    decoder = av.CodecContext.create("libopus", "r")
    if not isinstance(decoder, av.AudioCodecContext):
        raise TypeError("opus is a sound codec")
    decoder.sample_rate, decoder.layout = 48_000, "mono"
    return decoder
