"""The machine's wall clock: the `Clock` of every process of a running server."""

from datetime import UTC, datetime


class SystemClock:
    """Wall-clock time, UTC and aware."""

    def now(self) -> datetime:
        return datetime.now(UTC)
