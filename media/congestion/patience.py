"""How long pictures stay paused before they are tried again, sooner than any proof that the link is better. Pure.

While only sound flows, browsers report every five seconds and estimate nothing, so proof is slow to come.
"""

FIRST_NS = 6_000_000_000
LONGEST_NS = 48_000_000_000
IN_VAIN_NS = 10_000_000_000
"""Paused again so soon after a trial, the trial was in vain: the next one waits twice as long."""


class PausePatience:
    """Of one link. Times are monotonic ns."""

    def __init__(self) -> None:
        self._wait_ns = FIRST_NS
        self._paused_ns: int | None = None
        self._tried_ns: int | None = None

    def note(self, is_paused: bool, now_ns: int) -> None:
        """Whether every picture is paused for the link's sake now."""
        if not is_paused:
            self._paused_ns = None
            if self._tried_ns is not None and now_ns - self._tried_ns > IN_VAIN_NS:
                self._wait_ns, self._tried_ns = FIRST_NS, None
        elif self._paused_ns is None:
            self._paused_ns = now_ns
            if self._tried_ns is not None:
                self._wait_ns, self._tried_ns = min(2 * self._wait_ns, LONGEST_NS), None

    def is_over(self, now_ns: int) -> bool:
        """True when it is time to try; said once a pause."""
        if self._paused_ns is None or now_ns - self._paused_ns < self._wait_ns:
            return False
        self._paused_ns, self._tried_ns = None, now_ns
        return True
