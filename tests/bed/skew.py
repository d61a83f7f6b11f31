"""Sound against picture over a long recording, read frame by frame: nothing but numbers is kept in memory."""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from tests.bed.film_reader import RATE, beep_onsets

_STRIDE = 8
_WHITE = 200
_PIECE_S = 20
_HOLE = 0.03


@dataclass
class Watched:
    """A picture's whiteness over time, or a sound; times are those of the file (s)."""

    times: npt.NDArray[np.float64]
    white: npt.NDArray[np.float64]
    """Which share of each picture is white."""

    def flashes(self) -> list[float]:
        """Times at which the picture begins to flash."""
        calm = float(np.median(self.white))
        bright = self.white > (self.white.max() + calm) / 2
        return [float(self.times[i]) for i in np.flatnonzero(bright[1:] & ~bright[:-1]) + 1]


def watch_picture(path: Path) -> Watched:
    """Decode the whole picture; fails on the first broken frame."""
    times, white = [], []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            luma = np.frombuffer(memoryview(frame.planes[0]), np.uint8).reshape(frame.planes[0].height, -1)
            times.append(float(frame.time or 0.0))
            white.append(float((luma[::_STRIDE, : frame.width : _STRIDE] > _WHITE).mean()))
    return Watched(np.array(times), np.array(white))


def beeps(path: Path, hz: float) -> tuple[list[float], float]:
    """Times at which the tone begins, and where the sound ends; both on the file's clock (s)."""
    found: list[float] = []
    kept: list[npt.NDArray[np.float32]] = []
    began_s, many = 0.0, 0
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            missing = round((float(frame.time or 0.0) - began_s) * RATE) - many
            if missing > _HOLE * RATE:  # nothing is sent in silence
                kept.append(np.zeros(missing, np.float32))
                many += missing
            assert frame.sample_rate == RATE, frame.sample_rate
            wave = frame.to_ndarray().astype(np.float32)
            kept.append(
                wave.mean(axis=0) if frame.format.is_planar else wave.reshape(-1, frame.layout.nb_channels)[:, 0]
            )
            many += frame.samples
            if many > _PIECE_S * RATE:
                found += _beeps_of(kept, began_s, hz)
                began_s, kept, many = began_s + many / RATE, [], 0
    return found + _beeps_of(kept, began_s, hz), began_s + many / RATE


def _beeps_of(kept: list[npt.NDArray[np.float32]], began_s: float, hz: float) -> list[float]:
    sound = np.concatenate(kept) if kept else np.zeros(0, np.float32)
    if len(sound) < RATE // 2 or float(np.abs(sound).max()) < 0.05:
        return []
    return [began_s + at for at in beep_onsets(sound, hz)]


def nearest_ms(flashes: list[float], sounds: list[float], within_s: float = 0.4) -> list[float]:
    """For each flash the nearest beep: positive when the sound comes later."""
    at = np.array(sorted(sounds))
    if not len(at):
        return []
    near = [float(at[np.abs(at - flash).argmin()]) - flash for flash in flashes]
    return [1000 * offset for offset in near if abs(offset) < within_s]
