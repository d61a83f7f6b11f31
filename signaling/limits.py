"""How fast and how large one connection may ask."""

import time

MESSAGE_BYTES_LIMIT = 160 * 1024
"""Largest Socket.IO packet accepted: the largest offer, escaped, and some air."""

RATE_PER_S = 20.0
BURST = 60.0
STRIKES_UNTIL_CUT = 3

BEAT_RATE_PER_S = 4.0
BEAT_BURST = 20.0
"""Answers to beats have an allowance of their own, so that they never eat into that of commands."""

POINT_RATE_PER_S = 12.0
POINT_BURST = 24.0
"""A pointer that moves faster is not passed on."""

DIAGNOSIS_RATE_PER_S = 0.1
DIAGNOSIS_BURST = 3.0
"""Of diagnoses, three at once and one in ten seconds."""


class TokenBucket:
    """`RATE_PER_S` messages a second, `BURST` at once; `strikes` counts refusals."""

    def __init__(self, rate_per_s: float = RATE_PER_S, burst: float = BURST) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._level = burst
        self._filled_at = time.monotonic()
        self.strikes = 0

    def take(self) -> bool:
        """True when one more message is within the rate; otherwise a strike."""
        now = time.monotonic()
        self._level = min(self._burst, self._level + (now - self._filled_at) * self._rate_per_s)
        self._filled_at = now
        if self._level < 1.0:
            self.strikes += 1
            return False
        self._level -= 1.0
        return True
