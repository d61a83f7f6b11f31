"""When a sample was captured, on the server's wall clock.

The publisher's sender reports (RFC 3550 section 6.4.1) tie both of its streams to one clock, its NTP clock. The
offset of that clock is taken once for both kinds, from the report that travelled fastest, so lips stay with words.
Until a report comes, arrival times stand in.
"""

import time
from collections import deque
from datetime import UTC, datetime

from cloudcourt.domain.ports import Clock
from cloudcourt.domain.routing import LineKind, MediaKind
from media.record.packets import signed_distance

CLOCK_RATE_HZ: dict[MediaKind, int] = {"audio": 48_000, "video": 90_000}
JUMP_NS = 3_000_000_000
_STEP_NS = 500_000_000
_SETTLING_NS = 10_000_000_000
_SLEW_PER_SECOND_NS = 1_000_000
_REPORTS_KEPT = 32
_REPORT_REACH_S = 30


class WallAnchor:
    """The server's wall clock, read once: from then on it advances with the monotonic clock."""

    def __init__(self, offset_ns: int) -> None:
        """`offset_ns` is the wall time, in ns since 1970 UTC, at the monotonic clock's zero."""
        self._offset_ns = offset_ns

    @classmethod
    def of(cls, clock: Clock) -> "WallAnchor":
        """What the clock says now."""
        return cls(round(clock.now().timestamp() * 1_000_000) * 1000 - time.monotonic_ns())

    def wall_ns(self, monotonic_ns: int) -> int:
        """Nanoseconds since 1970 UTC at that reading of `time.monotonic_ns()`."""
        return monotonic_ns + self._offset_ns


def as_datetime(wall_ns: int) -> datetime:
    """A wall time in ns as an aware UTC datetime."""
    return datetime.fromtimestamp(wall_ns / 1e9, UTC)


class StreamClock:
    """Maps one stream's RTP timestamps to wall time.

    `wall_ns(t)` may be corrected: at once while the stream settles (`origin_moved_ns` tells by how much, so that
    an open file keeps its timestamps and moves its start), afterwards by at most 1 ms per second. `has_jumped`
    means that the timestamps no longer follow real time; the caller starts the stream anew.
    """

    def __init__(self, kind: MediaKind) -> None:
        self._rate_hz = CLOCK_RATE_HZ[kind]
        self._newest: int | None = None
        self._extended = 0
        self._base_ns: int | None = None
        self._first_wall_ns = 0
        self._last_report_ns = 0
        self.known: str = "arrival"
        self.origin_moved_ns = 0
        self.has_jumped = False

    def arrive(self, rtp_timestamp: int, arrived_wall_ns: int) -> None:
        """Note a packet. While no report is known, the fastest packet sets the clock."""
        stream_ns = self._advance(rtp_timestamp)
        base_ns = arrived_wall_ns - stream_ns
        if self._base_ns is None:
            self._base_ns = base_ns
            self._first_wall_ns = arrived_wall_ns
        elif abs(base_ns - self._base_ns) > JUMP_NS:
            self.has_jumped = True
        elif self.known == "arrival" and base_ns < self._base_ns:
            self._move_origin(base_ns)

    def knows(self, rtp_timestamp: int) -> bool:
        """True when a report's timestamp lies near this stream's own: it speaks of this stream."""
        if self._newest is None:
            return False
        return abs(signed_distance(rtp_timestamp, self._newest, 32)) < _REPORT_REACH_S * self._rate_hz

    def report(self, rtp_timestamp: int, captured_wall_ns: int) -> None:
        """A sample with this timestamp was captured at that wall time."""
        if self._base_ns is None or not self.knows(rtp_timestamp):
            return
        stream_ns = self._stream_ns(rtp_timestamp)
        error_ns = captured_wall_ns - stream_ns - self._base_ns
        settling = captured_wall_ns - self._first_wall_ns < _SETTLING_NS
        if self.known == "arrival" or settling:
            self.known = "sender_report"
            self._move_origin(captured_wall_ns - stream_ns)
        elif abs(error_ns) > _STEP_NS:
            self.has_jumped = True
        else:
            elapsed_s = max(0, captured_wall_ns - self._last_report_ns) / 1e9
            limit_ns = round(_SLEW_PER_SECOND_NS * elapsed_s)
            self._base_ns += max(-limit_ns, min(limit_ns, error_ns))
        self._last_report_ns = captured_wall_ns

    def wall_ns(self, rtp_timestamp: int) -> int:
        """Wall time of a sample with this timestamp; some packet must have arrived before."""
        return self._stream_ns(rtp_timestamp) + (self._base_ns or 0)

    def take_origin_moved_ns(self) -> int:
        """By how much all earlier answers were wrong since this was asked last."""
        moved, self.origin_moved_ns = self.origin_moved_ns, 0
        return moved

    def _move_origin(self, base_ns: int) -> None:
        if self._base_ns is not None:
            self.origin_moved_ns += base_ns - self._base_ns
        self._base_ns = base_ns

    def _advance(self, rtp_timestamp: int) -> int:
        if self._newest is None:
            self._newest = rtp_timestamp
        ahead = signed_distance(rtp_timestamp, self._newest, 32)
        extended = self._extended + ahead
        if ahead > 0:
            self._newest, self._extended = rtp_timestamp, extended
        return extended * 1_000_000_000 // self._rate_hz

    def _stream_ns(self, rtp_timestamp: int) -> int:
        newest = rtp_timestamp if self._newest is None else self._newest
        extended = self._extended + signed_distance(rtp_timestamp, newest, 32)
        return extended * 1_000_000_000 // self._rate_hz


class PublisherClock:
    """One publisher's NTP clock against ours, shared by its sound and its pictures."""

    def __init__(self) -> None:
        self._offsets_ns: deque[int] = deque(maxlen=_REPORTS_KEPT)
        self._reports: dict[LineKind, tuple[int, int]] = {}

    def report(self, kind: LineKind, ntp: int, rtp_timestamp: int, arrived_wall_ns: int) -> None:
        """Note a sender report; `ntp` is its 64-bit timestamp."""
        ntp_ns = (ntp * 1_000_000_000) >> 32
        offset_ns = arrived_wall_ns - ntp_ns
        if self._offsets_ns and abs(offset_ns - min(self._offsets_ns)) > JUMP_NS:
            self._offsets_ns.clear()  # the publisher's clock was set
            self._reports.clear()
        self._offsets_ns.append(offset_ns)
        self._reports[kind] = (rtp_timestamp, ntp_ns)

    def forget(self, kind: LineKind) -> None:
        """A new stream of this kind begins: what was reported of the old one says nothing about it."""
        self._reports.pop(kind, None)

    def captured(self) -> dict[LineKind, tuple[int, int]]:
        """For each kind: the last report's RTP timestamp and the wall time (ns) it stands for."""
        offset_ns = min(self._offsets_ns, default=0)
        return {kind: (timestamp, ntp_ns + offset_ns) for kind, (timestamp, ntp_ns) in self._reports.items()}
