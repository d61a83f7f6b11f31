"""The share that one viewer's link lost, out of the reports about each of its streams. Pure."""

from dataclasses import dataclass

from media.rtcp import ReceiverReport

MAX_EXPECTED = 1 << 16
"""Between two reports on one stream; more means that it was replaced."""
MAX_STREAMS = 128
CALM_REPORTS = 2
"""Reports without a new hole after which all that is missing because of older ones has been told."""


@dataclass(slots=True)
class _Told:
    """What was reported of one stream, and how many holes it had then."""

    highest: int
    lost: int
    holes: int
    settled_lost: int
    settled_holes: int
    own: int = 0
    """Losses since it settled that its holes don't explain."""
    calm: int = 0

    def note(self, report: ReceiverReport, holes: int) -> int:
        """How many more this link has lost.

        A browser tells of a hole only once it has seen what comes after it: until then the hole stands to its credit.
        """
        own = max(0, report.lost - self.settled_lost - (holes - self.settled_holes))
        more = own - self.own
        self.calm = 0 if holes != self.holes else self.calm + 1
        if self.calm >= CALM_REPORTS:
            self.settled_lost, self.settled_holes, own = report.lost, holes, 0
        self.highest, self.lost, self.holes, self.own = report.highest_seq, report.lost, holes, own
        return max(0, more)


class LinkLosses:
    """Adds up receiver reports until they are taken: a stream counts by its packets (RFC 3550 appendix A.3)."""

    def __init__(self) -> None:
        self._last: dict[int, _Told] = {}
        """By SSRC."""
        self._expected = 0
        self._lost = 0

    def note(self, report: ReceiverReport, holes: int = 0) -> None:
        """`holes`: numbers of the stream so far that its source's link lost: they were not sent when they were due."""
        if len(self._last) >= MAX_STREAMS:
            self._last.clear()
        told = self._last.get(report.ssrc)
        if told is None:
            self._last[report.ssrc] = _Told(report.highest_seq, report.lost, holes, report.lost, holes)
            return
        expected = report.highest_seq - told.highest & 0xFFFFFFFF
        more = told.note(report, holes)
        if expected <= MAX_EXPECTED:
            self._expected += expected
            self._lost += min(more, expected)

    def take_fraction_of_256(self) -> int | None:
        """The loss since the last time; None when nothing was reported since."""
        expected, lost = self._expected, self._lost
        self._expected = self._lost = 0
        return min(255, lost * 256 // expected) if expected else None
