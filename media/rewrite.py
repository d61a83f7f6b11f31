"""One endless stream out of many finite ones: numbers and times as a viewer sees them. Pure."""

from media.rtp import unwrap

_NS_PER_S = 1_000_000_000


class Continuity:
    """Maps a source's sequence numbers and timestamps to a viewer's, without a hole or a step back.

    A *run* is a stretch in which the mapping is one constant offset. A new run begins when a flow resumes or its
    source is replaced: its first packet gets the next number, and a time that grew by what really passed.
    Numbers are unwrapped ("endless") integers inside; the callers mask them to 16 and 32 bits.
    """

    __slots__ = (
        "_clock_rate",
        "_last_ns",
        "_last_seq",
        "_last_timestamp",
        "_run_began_at",
        "_run_seq",
        "_running",
        "_seq_shift",
        "_time_shift",
    )

    def __init__(self, clock_rate: int, *, seq: int, timestamp: int) -> None:
        self._clock_rate = clock_rate
        self._last_seq = seq - 1
        self._last_timestamp = timestamp
        self._last_ns = 0
        self._running = False
        self._run_began_at = 0
        self._run_seq = seq
        self._seq_shift = 0
        self._time_shift: int | None = None

    @property
    def next_seq(self) -> int:
        return self._last_seq + 1

    @property
    def time_shift(self) -> int:
        """What to add to the source's timestamps, modulo 2**32."""
        return self._time_shift or 0

    def forget_clock(self) -> None:
        """The next run comes from another source clock."""
        self._running = False
        self._time_shift = None

    def begin_run(self, seq: int, timestamp: int, now_ns: int) -> None:
        """The source packet `seq` (endless) becomes the next one out."""
        self._run_began_at = seq
        self._run_seq = self._last_seq + 1
        self._seq_shift = self._run_seq - seq
        if self._time_shift is None:
            passed = (now_ns - self._last_ns) * self._clock_rate // _NS_PER_S if self._last_ns else 0
            self._time_shift = (self._last_timestamp + max(passed, 1) - timestamp) & 0xFFFFFFFF
        self._running = True

    def carry(self, seq: int, timestamp: int, now_ns: int) -> int | None:
        """The endless number under which source packet `seq` goes out; None when it is older than the run."""
        if seq < self._run_began_at:
            return None
        out = seq + self._seq_shift
        if out > self._last_seq:
            self._last_seq = out
            self._last_timestamp = (timestamp + self.time_shift) & 0xFFFFFFFF
            self._last_ns = now_ns
        return out

    def source_of(self, seq: int) -> int | None:
        """The source's endless number behind the 16-bit outgoing `seq`; None when it isn't of this run."""
        out = unwrap(seq, self._last_seq)
        if not self._running or not self._run_seq <= out <= self._last_seq:
            return None
        return out - self._seq_shift
