"""One person's sound at any time of the record, and the mix of all."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from media.film.timeline import as_ns
from media.record.sidecar import Sidecar

RATE_HZ = 48_000
_STRETCH_REACH = RATE_HZ // 20
_STRETCH_STEP = 8
_STRETCH_ABOVE = RATE_HZ // 500
_KNEE = 0.8
Wave = NDArray[np.float32]


class SoundFeed:
    """Plays a person's sound tracks along the wall clock, forwards only; silence where there is none.

    Samples stand at the times their packets carry. A slow drift between the two is taken up by stretching 20 ms
    by some samples; a gap stays a gap.
    """

    def __init__(self, folder: Path, tracks: list[Sidecar]) -> None:
        self._pieces = _placed(folder, sorted(tracks, key=lambda track: track.started_at))
        self._waiting: deque[tuple[int, Wave]] = deque()
        self._next = next(self._pieces, None)

    def take(self, from_sample: int, count: int) -> Wave:
        """`count` samples from that sample of the wall clock on (48 000 a second since 1970)."""
        out = np.zeros(count, np.float32)
        end = from_sample + count
        while self._next is not None and self._next[0] < end:
            self._waiting.append(self._next)
            self._next = next(self._pieces, None)
        while self._waiting and self._waiting[0][0] < end:
            at, wave = self._waiting[0]
            first, last = max(at, from_sample), min(at + len(wave), end)
            if first < last:
                out[first - from_sample : last - from_sample] += wave[first - at : last - at]
            if at + len(wave) > end:
                break
            self._waiting.popleft()
        return out


def as_samples(wall_ns: int) -> int:
    """Nanoseconds as samples at 48 kHz."""
    return wall_ns * 3 // 62_500


def mix(waves: list[Wave]) -> Wave:
    """The sum, bent softly below full scale instead of clipped."""
    total: Wave = np.sum(waves, axis=0, dtype=np.float32)
    loud = np.abs(total) > _KNEE
    if loud.any():
        over = (np.abs(total[loud]) - _KNEE) / (1 - _KNEE)
        total[loud] = np.sign(total[loud]) * (_KNEE + (1 - _KNEE) * np.tanh(over))
    return total


def level(wave: Wave) -> float:
    """Loudness of a stretch: its RMS, 1 at full scale."""
    return float(np.sqrt(np.mean(np.square(wave)))) if len(wave) else 0.0


def _placed(folder: Path, tracks: list[Sidecar]) -> Iterator[tuple[int, Wave]]:
    """Pieces of sound with the wall-clock sample each begins at, in order and without overlap."""
    free_from = 0
    for track in tracks:
        began_ns = as_ns(track.started_at)
        for at_s, wave in _decoded(folder / track.file):
            at = as_samples(began_ns) + round(at_s * RATE_HZ)
            late = at - free_from
            if free_from and abs(late) < _STRETCH_REACH:
                at = free_from
                if abs(late) > _STRETCH_ABOVE:
                    wave = _stretched(wave, max(-_STRETCH_STEP, min(_STRETCH_STEP, late)))
            elif late < 0:
                wave = wave[-late:]
                at = free_from
            if len(wave):
                free_from = at + len(wave)
                yield at, wave


def _stretched(wave: Wave, by: int) -> Wave:
    grid = np.linspace(0, len(wave) - 1, len(wave) + by)
    return np.interp(grid, np.arange(len(wave)), wave).astype(np.float32)


def _decoded(path: Path) -> Iterator[tuple[float, Wave]]:
    """(seconds in the file, mono samples) of everything that can be decoded."""
    try:
        with av.open(path) as container:
            stream = container.streams.audio[0]
            for packet in container.demux(stream):
                try:
                    frames = packet.decode()
                except (av.FFmpegError, ValueError):
                    continue
                for frame in frames:
                    if isinstance(frame, av.AudioFrame) and frame.pts is not None:
                        yield float(frame.time or 0), _mono(frame)
    except (OSError, av.FFmpegError, ValueError, IndexError):
        return


def _mono(frame: av.AudioFrame) -> Wave:
    samples = frame.to_ndarray().astype(np.float32)
    if not frame.format.is_planar:
        samples = samples.reshape(-1, len(frame.layout.channels)).T
    mono: Wave = samples.mean(axis=0, dtype=np.float32)
    return mono
