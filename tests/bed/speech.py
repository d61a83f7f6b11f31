"""Speech to measure with: real where test media lie beside the checkout, else made of a buzz and formants."""

from functools import cache
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

RATE = 48_000
Sound = NDArray[np.float32]
_REAL = ("english.wav", "chinese.flac")
_FORMANTS_HZ = ((730, 1090, 2440), (270, 2290, 3010), (570, 840, 2410), (300, 870, 2240), (530, 1840, 2480))


def speech(seconds: float, *, voice: int = 0, db: float = 0.0, noise_db: float = -72.0) -> Sound:
    """Somebody speaking in a room with a faint noise, at a level that is `db` above a peak of a quarter."""
    said = _recorded()[voice % len(_recorded())] if _recorded() else _made(voice)
    said = said / np.abs(said).max() * 0.25 * 10 ** (db / 20)
    count = round(seconds * RATE)
    return (np.resize(said, count) + noise(seconds, noise_db, voice)).astype(np.float32)


def noise(seconds: float, db: float, seed: int = 0) -> Sound:
    """A room's noise: white, with that RMS in dB of full scale."""
    made = np.random.default_rng(seed).standard_normal(round(seconds * RATE)) * 10 ** (db / 20)
    return made.astype(np.float32)


@cache
def _recorded() -> tuple[Sound, ...]:
    folder = Path(__file__).resolve().parents[3] / "shared" / "media"
    return tuple(_read(folder / name) for name in _REAL if (folder / name).is_file())


def _read(path: Path) -> Sound:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    with av.open(path) as container:
        pieces = [part.to_ndarray()[0] for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate(pieces).astype(np.float32)


@cache
def _made(voice: int) -> Sound:
    """Three seconds of syllables: a buzz through formants, with the pauses that words have."""
    random = np.random.default_rng(voice)
    pitch_hz = 110 + 70 * (voice % 2)
    syllables = []
    for _ in range(14):
        count = round(random.uniform(0.1, 0.22) * RATE)
        at = np.arange(count) / RATE
        formants = _FORMANTS_HZ[random.integers(len(_FORMANTS_HZ))]
        harmonics = np.arange(1, 30) * pitch_hz
        strength = sum(1 / (1 + ((harmonics - formant) / 90) ** 2) for formant in formants)
        wave = np.sin(2 * np.pi * harmonics[:, None] * at) * np.asarray(strength)[:, None]
        syllables += [wave.sum(axis=0) * np.hanning(count), np.zeros(round(random.uniform(0.01, 0.12) * RATE))]
    return np.concatenate(syllables).astype(np.float32)
