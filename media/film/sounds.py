"""One person's sound at any time of the record."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from media.film.reels import Reel
from media.record.sidecar import Sidecar

RATE_HZ = 48_000
_STRETCH_REACH = RATE_HZ // 20
_STRETCH_STEP = 8
_STRETCH_ABOVE = RATE_HZ // 500
Wave = NDArray[np.float32]


class SoundFeed:
    """Plays a person's sound tracks along the wall clock, forwards only; silence where there is none.

    Samples stand at the times their packets carry. A slow drift between the two is taken up by stretching 20 ms
    by some samples; a gap stays a gap.
    """

    def __init__(self, folder: Path, from_ns: int = 0) -> None:
        self._reel: Reel[av.AudioFrame] = Reel(folder, from_ns)
        self._free_from = 0
        self._waiting: deque[tuple[int, Wave]] = deque()
        self._next: tuple[int, Wave] | None = None
        self.has_sound = False
        """Whether any of what was taken last is from a track, be it silence."""

    def know(self, tracks: Sequence[Sidecar]) -> None:
        """All sound tracks of the person that there are now."""
        self._reel.know(tracks)

    def take(self, from_sample: int, count: int) -> Wave:
        """`count` samples from that sample of the wall clock on (48 000 a second since 1970)."""
        out = np.zeros(count, np.float32)
        end = from_sample + count
        self.has_sound = False
        while (piece := self._next or self._read()) is not None and piece[0] < end:
            self._waiting.append(piece)
            self._next = None
        self._next = piece
        while self._waiting and self._waiting[0][0] < end:
            at, wave = self._waiting[0]
            first, last = max(at, from_sample), min(at + len(wave), end)
            if first < last:
                self.has_sound = True
                out[first - from_sample : last - from_sample] += wave[first - at : last - at]
            if at + len(wave) > end:
                break
            self._waiting.popleft()
        return out

    def close(self) -> None:
        """Let the file go."""
        self._reel.close()

    def _read(self) -> tuple[int, Wave] | None:
        while (read := self._reel.read()) is not None:
            if len((piece := self._placed(as_samples(read[0]), _mono(read[1])))[1]):
                return piece
        return None

    def _placed(self, at: int, wave: Wave) -> tuple[int, Wave]:
        """The wall-clock sample at which a piece of sound begins, in order and without overlap."""
        late = at - self._free_from
        if self._free_from and abs(late) < _STRETCH_REACH:
            at = self._free_from
            if abs(late) > _STRETCH_ABOVE:
                wave = _stretched(wave, max(-_STRETCH_STEP, min(_STRETCH_STEP, late)))
        elif late < 0:
            wave = wave[-late:]
            at = self._free_from
        self._free_from = max(self._free_from, at + len(wave))
        return at, wave


def as_samples(wall_ns: int) -> int:
    """Nanoseconds as samples at 48 kHz."""
    return wall_ns * 3 // 62_500


def _stretched(wave: Wave, by: int) -> Wave:
    grid = np.linspace(0, len(wave) - 1, len(wave) + by)
    return np.interp(grid, np.arange(len(wave)), wave).astype(np.float32)


def _mono(frame: av.AudioFrame) -> Wave:
    samples = frame.to_ndarray().astype(np.float32)
    if not frame.format.is_planar:
        samples = samples.reshape(-1, len(frame.layout.channels)).T
    mono: Wave = samples.mean(axis=0, dtype=np.float32)
    return mono
