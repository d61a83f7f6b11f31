"""Look at a finished film as a person would: colours in places, tones in the sound, flashes against beeps."""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

RATE = 48_000
Luma = npt.NDArray[np.uint8]
Sound = npt.NDArray[np.float32]


@dataclass
class Film:
    """Every n-th decoded frame with its time, and the whole sound as mono."""

    width: int
    height: int
    duration_s: float
    times: list[float]
    frames: list[npt.NDArray[np.uint8]]
    """RGB, shape (height, width, 3)."""
    sound: Sound


def read_film(path: Path, every: int = 1, shrink: int = 2) -> Film:
    """Decode the whole file; fails on the first broken frame."""
    times: list[float] = []
    frames: list[npt.NDArray[np.uint8]] = []
    sound: list[Sound] = []
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        number = 0
        for frame in container.decode(video=0, audio=0):
            if isinstance(frame, av.VideoFrame):
                if number % every == 0:
                    times.append(float(frame.time or 0.0))
                    small = frame.reformat(video.width // shrink, video.height // shrink, format="rgb24")
                    frames.append(small.to_ndarray().astype(np.uint8))
                number += 1
            elif isinstance(frame, av.AudioFrame):
                sound += [out.to_ndarray().reshape(-1).astype(np.float32) for out in resampler.resample(frame)]
        duration_s = float(container.duration or 0) / 1_000_000
        return Film(video.width, video.height, duration_s, times, frames, np.concatenate(sound))


def tone_level(sound: Sound, hz: float, width_hz: float = 30.0) -> float:
    """How far a tone stands out: its band's peak over the spectrum's median, in dB."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) + 1e-9
    at = np.fft.rfftfreq(len(sound), 1 / RATE)
    band = spectrum[(at > hz - width_hz) & (at < hz + width_hz)].max()
    speech = spectrum[(at > 100) & (at < 4_000)]
    return float(20 * np.log10(band / np.median(speech)))


def share_of_colour(frame: npt.NDArray[np.uint8], rgb: tuple[int, int, int], tolerance: int = 40) -> float:
    """Which share of the picture has about this colour."""
    near = np.abs(frame.astype(np.int16) - np.array(rgb, np.int16)).max(axis=2) < tolerance
    return float(near.mean())


def box_of_colour(
    frame: npt.NDArray[np.uint8], rgb: tuple[int, int, int], tolerance: int = 40
) -> tuple[int, int, int, int]:
    """Bounding box (left, top, right, bottom) of the rows and columns where that colour is dense."""
    near = np.abs(frame.astype(np.int16) - np.array(rgb, np.int16)).max(axis=2) < tolerance
    rows = np.flatnonzero(near.mean(axis=1) > 0.05)
    columns = np.flatnonzero(near.mean(axis=0) > 0.05)
    assert len(rows), f"colour {rgb} is nowhere in the picture"
    assert len(columns), f"colour {rgb} is nowhere in the picture"
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


def beep_onsets(sound: Sound, hz: float) -> list[float]:
    """Times (s) at which the tone begins, to about 2 ms."""
    step = RATE // 500
    count = len(sound) // step
    at = np.arange(len(sound)) / RATE
    wave = sound * np.exp(-2j * np.pi * hz * at)
    kernel = np.ones(step * 5) / (step * 5)
    strength = np.abs(np.convolve(wave, kernel, mode="same"))[: count * step : step]
    loud = strength > strength.max() * 0.4
    starts = np.flatnonzero(loud[1:] & ~loud[:-1]) + 1
    return [float(index * step / RATE) for index in starts]


def flash_onsets(film: Film, box: tuple[int, int, int, int]) -> list[float]:
    """Times (s) at which the tile turns white."""
    left, top, right, bottom = box
    middle = (slice(top + (bottom - top) // 4, bottom - (bottom - top) // 3), slice(left + 8, right - 8))
    levels = np.array([frame[middle].mean() for frame in film.frames])
    threshold = (levels.max() + np.median(levels)) / 2
    bright = levels > threshold
    starts = np.flatnonzero(bright[1:] & ~bright[:-1]) + 1
    return [film.times[index] for index in starts]


def offsets_ms(flashes: list[float], beeps: list[float]) -> list[float]:
    """For each flash the nearest beep: positive when the sound comes later."""
    return [
        1_000 * (nearest - flash)
        for flash in flashes
        if abs((nearest := min(beeps, key=lambda beep: abs(beep - flash))) - flash) < 0.5
    ]
