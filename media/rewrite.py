"""One endless stream out of many finite ones: numbers, times and pictures as a viewer sees them. Pure."""

from media.rtp import unwrap

_NS_PER_S = 1_000_000_000


class Continuity:
    """Maps a source's sequence numbers and timestamps to a viewer's, without a hole or a step back.

    A *run* is a stretch in which the mapping is one constant offset. A new run begins when a flow resumes, another
    layer is taken or the source is replaced: its first packet gets the next number, and a time that grew by what
    really passed. Numbers are unwrapped ("endless") integers inside; the callers mask them to 16 and 32 bits.
    """

    __slots__ = (
        "_clock_rate",
        "_last_ns",
        "_running",
        "_time_shift",
        "last_seq",
        "last_timestamp",
        "late",
        "run_began_at",
        "run_seq",
        "seq_shift",
        "time_shift",
    )

    def __init__(self, clock_rate: int, *, seq: int, timestamp: int) -> None:
        self._clock_rate = clock_rate
        self.last_seq = seq - 1
        self.last_timestamp = timestamp
        self._last_ns = 0
        self._running = False
        self.run_began_at = 0
        self.run_seq = seq
        self.seq_shift = 0
        self.late = 0
        """Packets that went out after later ones: repairs of what the source's link had lost."""
        self._time_shift: int | None = None
        self.time_shift = 0
        """What to add to the source's timestamps, modulo 2**32."""

    @property
    def next_seq(self) -> int:
        return self.last_seq + 1

    def forget_clock(self) -> None:
        """The next run comes from another source clock."""
        self._running = False
        self._time_shift = None

    def turn_clock(self, ticks: int) -> None:
        """The next run comes from a clock that shows `ticks` less than the last one's at the same moment."""
        self._time_shift = (self.time_shift + ticks) & 0xFFFFFFFF

    def begin_run(self, seq: int, timestamp: int, now_ns: int) -> None:
        """The source packet `seq` (endless) becomes the next one out."""
        self.run_began_at = seq
        self.run_seq = self.last_seq + 1
        self.seq_shift = self.run_seq - seq
        passed = (now_ns - self._last_ns) * self._clock_rate // _NS_PER_S if self._last_ns else 0
        least = self.last_timestamp + 1 - timestamp & 0xFFFFFFFF
        if self._time_shift is None:
            self._time_shift = self.last_timestamp + max(passed, 1) - timestamp & 0xFFFFFFFF
        elif self._last_ns and (self._time_shift - least & 0xFFFFFFFF) >= 0x80000000:
            self._time_shift = least  # never a step back
        self.time_shift = self._time_shift
        self._running = True

    def carry(self, seq: int, timestamp: int, now_ns: int) -> int | None:
        """The endless number under which source packet `seq` goes out; None when it is older than the run."""
        if seq < self.run_began_at:
            return None
        out = seq + self.seq_shift
        if out > self.last_seq:
            self.last_seq = out
            self.last_timestamp = (timestamp + self.time_shift) & 0xFFFFFFFF
            self._last_ns = now_ns
        else:
            self.late += 1
        return out

    def source_of(self, seq: int) -> int | None:
        """The source's endless number behind the 16-bit outgoing `seq`; None when it isn't of this run."""
        out = unwrap(seq, self.last_seq)
        if not self._running or not self.run_seq <= out <= self.last_seq:
            return None
        return out - self.seq_shift
