"""What is missing of one incoming stream, when to ask for it again, and how to report it. Pure."""

from media.rtp import unwrap

MAX_MISSING = 256
MAX_JUMP = 1000
FIRST_ASK_NS = 10_000_000
"""Leave mere reordering time to settle."""
ASK_AGAIN_NS = 60_000_000
"""Between two requests while the round trip is unknown."""
LEAST_PAUSE_NS = 30_000_000
MOST_PATIENCE = 5
MAX_ASKS = 10
GIVE_UP_NS = 2_000_000_000


class _Missing:
    __slots__ = ("asks", "due_ns", "since_ns")

    def __init__(self, now_ns: int) -> None:
        self.since_ns = now_ns
        self.due_ns = now_ns + FIRST_ASK_NS
        self.asks = 0


class LossTracker:
    """Follows one stream's sequence numbers (RFC 3550 appendix A.3 and A.8; retries paced and bounded)."""

    def __init__(self, first_seq: int, clock_rate: int) -> None:
        self.highest = first_seq - 1
        self._base = first_seq
        self._clock_rate = clock_rate
        self._missing: dict[int, _Missing] = {}
        self.given_up = 0
        """Packets that won't come any more: what depends on them can't be decoded."""
        self.received = 0
        self._expected_before = 0
        self._received_before = 0
        self._transit: int | None = None
        self._jitter = 0.0

    def arrived(self, seq: int, now_ns: int, *, repaired: bool = False) -> int | None:
        """Note a 16-bit number. Its endless form, or None for one that came before (or too late to matter).

        A repaired packet still counts as lost, so that the sender learns of its link's true state. Raises
        OverflowError when the numbers jump so far that this must be another stream.
        """
        endless = unwrap(seq, self.highest)
        ahead = endless - self.highest
        if ahead <= 0:
            if ahead < -MAX_JUMP:
                raise OverflowError
            if self._missing.pop(endless, None) is None:
                return None
        else:
            if ahead > 1:
                self._note_gap(endless, ahead, now_ns)
            self.highest = endless
        if not repaired:
            self.received += 1
        return endless

    def _note_gap(self, endless: int, ahead: int, now_ns: int) -> None:
        if ahead > MAX_JUMP:
            raise OverflowError
        for missing in range(max(self.highest + 1, endless - MAX_MISSING), endless):
            self._missing[missing] = _Missing(now_ns)
        while len(self._missing) > MAX_MISSING:
            del self._missing[next(iter(self._missing))]
            self.given_up += 1

    def note_transit(self, timestamp: int, now_ns: int) -> None:
        """Feed the interarrival jitter (RFC 3550 section 6.4.1)."""
        transit = now_ns * self._clock_rate // 1_000_000_000 - timestamp & 0xFFFFFFFF
        if self._transit is not None:
            apart = abs((transit - self._transit + 0x80000000 & 0xFFFFFFFF) - 0x80000000)
            self._jitter += (apart - self._jitter) / 16
        self._transit = transit

    @property
    def missing(self) -> int:
        return len(self._missing)

    @property
    def waits(self) -> bool:
        """Whether anything is missing that is still worth waiting for."""
        return bool(self._missing)

    def due(self, now_ns: int, rtt_ms: int | None = None) -> list[int]:
        """16-bit numbers to ask for now, in order. Forgets what was asked for often or long enough.

        Asking again before the first answer can be here only costs: the pause grows with the round trip.
        """
        asked: list[int] = []
        again_ns = ASK_AGAIN_NS if rtt_ms is None else max(LEAST_PAUSE_NS, rtt_ms * 1_250_000)
        for endless, missing in list(self._missing.items()):
            if missing.asks >= MAX_ASKS or now_ns - missing.since_ns > GIVE_UP_NS:
                del self._missing[endless]
                self.given_up += 1
            elif now_ns >= missing.due_ns:
                missing.asks += 1
                missing.due_ns = now_ns + again_ns * min(missing.asks, MOST_PATIENCE)
                asked.append(endless & 0xFFFF)
        return asked

    def report(self) -> tuple[int, int, int, int]:
        """Fraction lost since the last report (of 256), lost in all, extended highest number, jitter."""
        expected = self.highest - self._base + 1
        expected_now = expected - self._expected_before
        lost_now = expected_now - (self.received - self._received_before)
        fraction = min(255, lost_now * 256 // expected_now) if expected_now > 0 and lost_now > 0 else 0
        self._expected_before, self._received_before = expected, self.received
        return fraction, expected - self.received, self.highest, int(self._jitter)
