"""How much of the record is on the disk."""

import threading
import time
from collections import deque

_RECENT_NS = 5_000_000_000


class SyncedBytes:
    """How much of the record is on the disk. Written by the writer thread, read by anyone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._total = 0
        self._recent: deque[tuple[int, int]] = deque()
        self.last_sync_ns = 0
        """`time.monotonic_ns()` at the newest sync that brought bytes to the disk; 0 before the first."""

    def add(self, count: int) -> None:
        if count <= 0:
            return
        now_ns = time.monotonic_ns()
        with self._lock:
            self._total += count
            self._recent.append((now_ns, count))
            self._forget_old(now_ns)
            self.last_sync_ns = now_ns

    def start_from(self, count: int) -> None:
        """Count what earlier recorders of the hearing left on the disk, if nothing was counted yet."""
        with self._lock:
            self._total = self._total or count

    def read(self) -> tuple[int, int]:
        """Bytes in all, and bytes in the last 5 s."""
        with self._lock:
            self._forget_old(time.monotonic_ns())
            return self._total, sum(count for _, count in self._recent)

    def _forget_old(self, now_ns: int) -> None:
        while self._recent and now_ns - self._recent[0][0] > _RECENT_NS:
            self._recent.popleft()
