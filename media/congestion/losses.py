"""The share that one viewer's link lost, out of the reports about each of its streams. Pure."""

from media.rtcp import ReceiverReport

MAX_EXPECTED = 1 << 16
"""Between two reports on one stream; more means that it was replaced."""
MAX_STREAMS = 128


class LinkLosses:
    """Adds up receiver reports until they are taken: a stream counts by its packets (RFC 3550 appendix A.3)."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[int, int, int]] = {}
        """Highest number, packets lost so far, and those of them that never went out, by SSRC."""
        self._expected = 0
        self._lost = 0

    def note(self, report: ReceiverReport, holes: int = 0) -> None:
        """`holes`: numbers of the stream so far that were lost before they came to us, and so never sent."""
        if len(self._last) >= MAX_STREAMS:
            self._last.clear()
        before = self._last.get(report.ssrc)
        self._last[report.ssrc] = report.highest_seq, report.lost, holes
        if before is None:
            return
        expected = report.highest_seq - before[0] & 0xFFFFFFFF
        if expected <= MAX_EXPECTED:
            self._expected += expected
            lost_here = report.lost - before[1] - max(0, holes - before[2])
            self._lost += max(0, min(lost_here, expected))

    def take_fraction_of_256(self) -> int | None:
        """The loss since the last time; None when nothing was reported since."""
        expected, lost = self._expected, self._lost
        self._expected = self._lost = 0
        return min(255, lost * 256 // expected) if expected else None
