"""How loud sound is to an ear: K-weighted loudness (ITU-R BS.1770) of a stretch, in LUFS."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SILENCE_LUFS = -120.0
_RATE_HZ = 48_000
_OFFSET_DB = -0.691
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The two filters of BS.1770 annex 1 for 48 kHz: numerator and denominator."""


def loudness(wave: NDArray[np.float32]) -> float:
    """Loudness of mono sound at 48 kHz without gating: -3 for a full-scale sine of 1 kHz; -120 for silence."""
    if not wave.any():
        return SILENCE_LUFS
    power = np.square(np.abs(np.fft.rfft(wave)))
    mean_square = float(np.dot(power, _weights(len(wave))))
    return max(SILENCE_LUFS, _OFFSET_DB + 10 * float(np.log10(mean_square + 1e-13)))


@lru_cache(maxsize=4)
def _weights(length: int) -> NDArray[np.float64]:
    """What each line of the spectrum counts for, so that the sum is the mean square (Parseval)."""
    turn = np.exp(-2j * np.pi * np.arange(length // 2 + 1) / length)
    gain = np.ones(length // 2 + 1)
    for top, bottom in (_SHELF, _HIGH_PASS):
        gain *= np.abs(np.polyval(top[::-1], turn) / np.polyval(bottom[::-1], turn)) ** 2
    both_sides = np.full(length // 2 + 1, 2.0)
    both_sides[0] = 1.0
    if length % 2 == 0:
        both_sides[-1] = 1.0
    weights: NDArray[np.float64] = gain * both_sides / length**2
    return weights
