"""The sum of all voices, turned down where it would be too loud: it never clips."""

import numpy as np

from media.film.sounds import Wave

CEILING = 0.85
_KNEE = 0.9
_STEP = 96
"""Samples (2 ms) that share a gain."""
_ATTACK, _RELEASE = 0.12, 0.004
"""Most fall and rise of the gain a step: from full to nothing in 16 ms, and back in half a second."""


class Limiter:
    """Turns the mix down ahead of a peak and slowly up after it; `gain` is all it remembers."""

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def limit(self, wave: Wave) -> Wave:
        """The frame below full scale. Its length is a multiple of 2 ms at 48 kHz."""
        peaks = np.abs(wave).reshape(-1, _STEP).max(axis=1)
        if self.gain == 1.0 and peaks.max() <= CEILING:
            return wave
        allowed = np.minimum(1.0, CEILING / np.maximum(peaks, 1e-6))
        allowed[:-1] = np.minimum(allowed[:-1], allowed[1:])  # down when the loud step begins, not when it ends
        for step in range(len(allowed) - 2, -1, -1):  # begin to fall before the peak
            allowed[step] = min(allowed[step], allowed[step + 1] + _ATTACK)
        gains = np.empty(len(allowed) + 1)
        gains[0] = self.gain
        for step, most in enumerate(allowed):
            gains[step + 1] = min(most, gains[step] + _RELEASE)
        self.gain = float(gains[-1])
        curve = np.interp(np.arange(len(wave)), np.arange(len(gains)) * _STEP, gains)
        return _bent((wave * curve).astype(np.float32))


def _bent(wave: Wave) -> Wave:
    """What a sudden peak leaves above the ceiling is bent, not cut."""
    loud = np.abs(wave) > _KNEE
    if loud.any():
        over = (np.abs(wave[loud]) - _KNEE) / (1 - _KNEE)
        wave[loud] = np.sign(wave[loud]) * (_KNEE + (1 - _KNEE) * np.tanh(over))
    return wave
