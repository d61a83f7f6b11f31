"""The WrittenSound port: one niced process listens for the whole server, and is started again when it dies."""

import asyncio
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog
from pydantic import ValidationError

from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import Clock
from cloudcourt.domain.written import Heard
from cloudcourt.observability.tasks import Crew
from media.confidence.listener import Following, News
from media.worker.backoff import Backoff

log = structlog.get_logger()

KEPT: Final = timedelta(seconds=60)
STALE_AFTER: Final = timedelta(seconds=30)
"""Older news are none: the process is dead, or starved."""
_NEWS_KEPT = 120
_LINE_LIMIT_BYTES = 4 * 1024 * 1024


class ListeningProcess:
    """Runs while any hearing is followed. `close` before the event loop ends."""

    def __init__(self, data_dir: Path, clock: Clock) -> None:
        self._data_dir = data_dir
        self._clock = clock
        self._crew = Crew("written sound")
        self._followed: dict[HearingId, deque[Heard]] = {}
        self._changed = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    def follow(self, hearing_id: HearingId) -> None:
        """Idempotent."""
        self._followed.setdefault(hearing_id, deque(maxlen=_NEWS_KEPT))
        self._changed.set()
        if self._running is None:
            self._running = self._crew.start(self._run(), name="run")

    def leave(self, hearing_id: HearingId) -> None:
        """Idempotent."""
        self._followed.pop(hearing_id, None)
        self._changed.set()

    def heard(self, hearing_id: HearingId) -> Heard | None:
        """The newest minute; None while nothing is known, or not any more."""
        news = self._followed.get(hearing_id)
        if not news or self._clock.now() - news[-1].until > STALE_AFTER:
            return None
        while news[0].until < news[-1].until - KEPT:
            news.popleft()
        return Heard(until=news[-1].until, seconds=tuple(second for heard in news for second in heard.seconds))

    async def close(self) -> None:
        """End the process."""
        await self._crew.dismiss()

    async def _run(self) -> None:
        backoff = Backoff()
        while True:
            while not self._followed:
                self._changed.clear()
                await self._changed.wait()
            began_s = time.monotonic()
            try:
                await self._one_life()
            except OSError as failure:
                log.error("listening process did not start", exc_info=failure)
            if self._followed:
                log.error("listening process ended", lived_s=round(time.monotonic() - began_s))
                await asyncio.sleep(backoff.died(time.monotonic() - began_s))

    async def _one_life(self) -> None:
        """Until the process ends, or nobody needs it any more. Raises OSError."""
        program = (sys.executable, "-m", "media.confidence", str(self._data_dir.absolute()))
        process = await asyncio.create_subprocess_exec(
            *program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=_LINE_LIMIT_BYTES
        )
        crew = Crew("listening process")
        try:
            reading = crew.start(self._read(process), name="read")
            telling = crew.start(self._tell(process), name="tell")
            await asyncio.wait([reading, telling], return_when=asyncio.FIRST_COMPLETED)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await crew.dismiss()
            await process.wait()

    async def _tell(self, process: Process) -> None:
        """Which hearings to follow, whenever that changes; ends when there are none."""
        while self._followed:
            self._changed.clear()
            wanted = Following(hearings=tuple(self._followed))
            if process.stdin is None:
                return
            process.stdin.write(wanted.model_dump_json().encode() + b"\n")
            with suppress(ConnectionError):
                await process.stdin.drain()
            await self._changed.wait()

    async def _read(self, process: Process) -> None:
        while process.stdout is not None and (line := await process.stdout.readline()):
            with suppress(ValidationError):
                self._take(News.model_validate_json(line))

    def _take(self, news: News) -> None:
        kept = self._followed.get(news.hearing_id)
        if kept is not None and (not kept or news.heard.until > kept[-1].until):
            kept.append(news.heard)
