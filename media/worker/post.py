"""A media worker's place in the house: it outlives the processes that fill it one after the other."""

import asyncio
import time
from collections.abc import Callable

import structlog

from cloudcourt.observability.metrics import WorkerFigures
from media.worker.admission import CpuWindow
from media.worker.backoff import Backoff
from media.worker.process import WorkerLost, WorkerProcess
from media.worker.wire import Beat, Notice, Start

log = structlog.get_logger()

ComesUp = Callable[["Post", WorkerProcess], None]
GoesDown = Callable[["Post"], None]
Hears = Callable[["Post", WorkerProcess, Notice], None]


class Post:
    """Keeps one worker running: a new one is started at once when it dies, more slowly when they keep dying.

    `comes_up` and `goes_down` are told of each worker's beginning and end, `hears` of all that it tells.
    """

    def __init__(
        self, number: int, start: Start, log_level: str, comes_up: ComesUp, goes_down: GoesDown, hears: Hears
    ) -> None:
        self.number = number
        self.worker: WorkerProcess | None = None
        self.up = asyncio.Event()
        self.tried = asyncio.Event()
        """Set once a worker came up or failed to, for the first time."""
        self.ports = ""
        self.cpu = CpuWindow()
        self.restarts = 0
        self._start, self._log_level = start, log_level
        self._comes_up, self._goes_down, self._hears = comes_up, goes_down, hears
        self._backoff = Backoff()
        self._facts: dict[str, int] = {}

    async def man(self) -> None:
        """Run until cancelled; whoever cancels ends the last worker with `close`."""
        while True:
            began_s = time.monotonic()
            try:
                self.worker = await WorkerProcess.spawn(self._start, self._log_level, self._heard)
            except WorkerLost:
                log.error("media worker did not come up", number=self.number)
            except Exception:  # no processes, no descriptors: there may be some again
                log.exception("media worker not started", number=self.number)
            else:
                await self._serve(self.worker)
            self.tried.set()
            wait_s = self._backoff.died(time.monotonic() - began_s)
            log.error("media worker lost", number=self.number, next_in_s=wait_s)
            await asyncio.sleep(wait_s)
            self.restarts += 1

    async def _serve(self, worker: WorkerProcess) -> None:
        log.info("media worker up", number=self.number, worker=worker.pid, ports=self.ports)
        self.up.set()
        self.tried.set()
        self._comes_up(self, worker)
        await worker.over()
        self.up.clear()
        self.worker = None
        self.cpu.forget()
        self._facts = {}
        self._goes_down(self)

    def _heard(self, worker: WorkerProcess, notice: Notice) -> None:
        if isinstance(notice, Beat):
            self.cpu.note(time.monotonic(), notice.cpu_s)
            self._facts, self.ports = notice.facts, notice.ports
        self._hears(self, worker, notice)

    @property
    def is_well(self) -> bool:
        """False while no worker is up, or they keep dying."""
        return self.worker is not None and not self._backoff.is_looping(time.monotonic() - self.worker.began_s)

    def figures(self) -> WorkerFigures:
        """For metrics."""
        return WorkerFigures(str(self.number), self.up.is_set(), self.restarts, self.cpu.share, self._facts)

    async def close(self) -> None:
        """End the worker in order."""
        if (worker := self.worker) is not None:
            await worker.end()
