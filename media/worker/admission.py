"""Which hearings the media workers can carry: a count that was measured, and the load of the moment. Pure."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from cloudcourt.domain.errors import CourtFull

HEARINGS_PER_CORE = 24
"""About 60 hearings of three people were measured on one core at 60 % load; one of twelve costs several times that."""
BUSY_SHARE = 0.7
"""Of a core. Above it, packets begin to wait for one another."""
LOAD_WINDOW_S = 10.0


@dataclass(frozen=True)
class WorkerLoad:
    """`cpu_share` is of one core, over the last `LOAD_WINDOW_S`."""

    hearings: int
    cpu_share: float

    @property
    def burden(self) -> float:
        """A hearing that has not begun yet will cost what a hearing costs."""
        return max(self.cpu_share, self.hearings * BUSY_SHARE / HEARINGS_PER_CORE)


def hearings_that_fit(setting: int, workers: int, cores: int) -> int:
    """The most hearings at once: the operator's own number, or (0) what so many workers on so many cores can carry."""
    return setting or HEARINGS_PER_CORE * max(1, min(workers, cores))


def admit(loads: Sequence[WorkerLoad], open_hearings: int, limit: int) -> None:
    """Let one more hearing in, or raise CourtFull. `loads`: of the workers that run."""
    if open_hearings >= limit:
        raise CourtFull(open_hearings=open_hearings, limit=limit)
    if loads and all(load.cpu_share > BUSY_SHARE for load in loads):
        raise CourtFull(open_hearings=open_hearings, limit=open_hearings)


class CpuWindow:
    """The share of one core that a process took of late, from its own count of processor seconds."""

    def __init__(self) -> None:
        self._notes: deque[tuple[float, float]] = deque()

    def note(self, at_s: float, cpu_s: float) -> None:
        """At monotonic time `at_s` the process had used `cpu_s` in all."""
        self._notes.append((at_s, cpu_s))
        while len(self._notes) > 2 and self._notes[1][0] <= at_s - LOAD_WINDOW_S:
            self._notes.popleft()

    def forget(self) -> None:
        """Another process begins."""
        self._notes.clear()

    @property
    def share(self) -> float:
        """Over the window; 0 until there are two notes."""
        if len(self._notes) < 2:
            return 0.0
        (began_s, before_s), (ended_s, after_s) = self._notes[0], self._notes[-1]
        return (after_s - before_s) / (ended_s - began_s) if ended_s > began_s else 0.0
