"""The media plane over worker processes: a hearing lives wholly in one, and survives its death."""

import asyncio
import ipaddress
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import structlog

from cloudcourt.domain.errors import CourtError, MediaUnavailable, RecorderNotReady
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import Clock, HearingMedia, MediaAnswer, MediaListener, PacketsSent
from cloudcourt.domain.recording import Readiness, RecorderHealth, RecorderState
from cloudcourt.domain.routing import Routing
from cloudcourt.observability.metrics import WorkerFigures
from cloudcourt.observability.tasks import Crew
from media.options import MediaOptions
from media.worker import wire
from media.worker.admission import WorkerLoad, admit, hearings_that_fit
from media.worker.post import Post
from media.worker.process import WorkerFault, WorkerLost, WorkerProcess
from media.worker.sitting import Sitting

log = structlog.get_logger()

UP_WITHIN_S = 10.0
_OPENED_AGAIN_EVERY_S = 5.0
_NOT_OPEN = "hearing_not_open"


class WorkerMediaPlane:
    """A `MediaPlane` in `workers` processes. Worker N takes port `options.port + N`, or any where that is 0.

    `hearings_limit` 0 means what was measured to fit. Raises ValueError when `options.announce_address` is no IP
    address.
    """

    def __init__(
        self,
        *,
        data_dir: Path,
        clock: Clock,
        options: MediaOptions,
        workers: int,
        hearings_limit: int = 0,
        log_level: str = "info",
    ) -> None:
        if options.announce_address is not None:
            ipaddress.ip_address(options.announce_address)
        self.limit = hearings_that_fit(hearings_limit, workers, len(os.sched_getaffinity(0)))
        self._data_dir, self._clock = data_dir, clock
        self._posts = tuple(self._post(number, options, log_level) for number in range(workers))
        self._sittings: dict[HearingId, tuple[Post, Sitting]] = {}
        self._crew = Crew("media workers")

    def _post(self, number: int, options: MediaOptions, log_level: str) -> Post:
        own = replace(options, port=options.port + number if options.port else 0)
        start = wire.Start(data_dir=self._data_dir.absolute(), options=own)
        return Post(number, start, log_level, self._came_up, self._went_down, self._heard)

    async def start(self) -> None:
        """Start the workers; returns when each is up or has failed once. Raises MediaUnavailable if none is up."""
        for post in self._posts:
            self._crew.start(post.man(), name=f"worker {post.number}")
        await asyncio.gather(*(post.tried.wait() for post in self._posts))
        if not any(post.up.is_set() for post in self._posts):
            await self.close()
            raise MediaUnavailable

    async def close(self) -> None:
        """Every worker closes its hearings' records and ends. Idempotent."""
        await self._crew.dismiss()
        await asyncio.gather(*(post.close() for post in self._posts))
        self._sittings.clear()

    # --- what an operator asks -------------------------------------------------------------------------------

    def ports_in_use(self) -> str:
        """The ports of each worker."""
        return "; ".join(post.ports for post in self._posts)

    def state(self) -> str:
        """`ok`; `degraded` while a worker is missing or workers keep dying; `down` while there is none."""
        if not any(post.up.is_set() for post in self._posts):
            return "down"
        return "ok" if all(post.is_well for post in self._posts) else "degraded"

    def figures(self) -> tuple[WorkerFigures, ...]:
        """Each worker's figures for metrics."""
        return tuple(post.figures() for post in self._posts)

    def worker_pid(self, hearing_id: HearingId) -> int | None:
        """The process that a hearing lives in now."""
        post, _ = self._sittings[hearing_id]
        return None if post.worker is None else post.worker.pid

    # --- the MediaPlane port ---------------------------------------------------------------------------------

    async def open_hearing(self, hearing: HearingMedia, listener: MediaListener) -> None:
        """Raises CourtFull, unless the hearing is under way; MediaUnavailable when no worker comes up in time."""
        if (known := self._sittings.get(hearing.hearing_id)) is not None:
            known[1].listener = listener
            await known[1].seat(hearing)
            return
        if not hearing.under_way:
            loads = [self._load(post) for post in self._posts if post.up.is_set()]
            admit(loads, len(self._sittings), self.limit)
        post = min(self._posts, key=lambda post: (not post.up.is_set(), self._load(post).burden))
        sitting = Sitting(hearing, listener, self._data_dir, self._clock)
        self._sittings[hearing.hearing_id] = (post, sitting)
        try:
            await self._open(post, sitting)
        except BaseException:
            self._sittings.pop(hearing.hearing_id, None)
            await sitting.close()
            raise

    async def _open(self, post: Post, sitting: Sitting) -> None:
        try:
            async with asyncio.timeout(UP_WITHIN_S):
                await post.up.wait()
        except TimeoutError:
            raise MediaUnavailable from None
        try:
            if post.worker is not None:
                await sitting.open_in(post.worker)
        except WorkerLost:
            raise MediaUnavailable from None

    def _load(self, post: Post) -> WorkerLoad:
        hearings = sum(at is post for at, _ in self._sittings.values())
        return WorkerLoad(hearings, post.cpu.share)

    async def connect(self, hearing_id: HearingId, participant_id: ParticipantId, offer: str) -> MediaAnswer:
        """Raises MediaRefused; MediaUnavailable also while the hearing's worker is being replaced."""
        if (sitting := self._sitting(hearing_id)) is None:
            raise MediaUnavailable
        return await sitting.connect(participant_id, offer)

    async def disconnect(self, hearing_id: HearingId, participant_id: ParticipantId) -> None:
        if (sitting := self._sitting(hearing_id)) is not None:
            await sitting.disconnect(participant_id)

    async def set_routing(self, hearing_id: HearingId, routing: Routing) -> None:
        if (sitting := self._sitting(hearing_id)) is not None:
            await sitting.set_routing(routing)

    async def packets_sent(self, hearing_id: HearingId) -> PacketsSent:
        """Raises MediaUnavailable."""
        if (sitting := self._sitting(hearing_id)) is None:
            raise MediaUnavailable
        return await sitting.packets_sent()

    async def preflight(self, hearing_id: HearingId) -> Readiness:
        if (sitting := self._sitting(hearing_id)) is None:
            return Readiness(ready=False, reason=_NOT_OPEN)
        return await sitting.preflight()

    async def start_recording(self, hearing_id: HearingId) -> None:
        if (sitting := self._sitting(hearing_id)) is None:
            raise RecorderNotReady(_NOT_OPEN)
        await sitting.start_recording()

    async def mark(self, hearing_id: HearingId) -> None:
        if (sitting := self._sitting(hearing_id)) is not None:
            await sitting.mark()

    async def stop_recording(self, hearing_id: HearingId) -> None:
        if (sitting := self._sitting(hearing_id)) is not None:
            await sitting.stop_recording()

    def recorder_health(self, hearing_id: HearingId) -> RecorderHealth:
        """From the worker's last beat, at most a second old."""
        if (sitting := self._sitting(hearing_id)) is None:
            return RecorderHealth(state=RecorderState.OFF, bytes_written=0, bytes_last_5s=0)
        return sitting.health()

    async def close_hearing(self, hearing_id: HearingId) -> None:
        if (known := self._sittings.pop(hearing_id, None)) is not None:
            await known[1].close()

    def _sitting(self, hearing_id: HearingId) -> Sitting | None:
        known = self._sittings.get(hearing_id)
        return None if known is None else known[1]

    # --- workers come and go ---------------------------------------------------------------------------------

    def _came_up(self, post: Post, worker: WorkerProcess) -> None:
        for sitting in self._sittings_of(post):
            if sitting.was_open:
                self._crew.start(self._take_up(post, worker, sitting), name=f"take up {sitting.hearing_id}")

    async def _take_up(self, post: Post, worker: WorkerProcess, sitting: Sitting) -> None:
        while post.worker is worker and self._sitting(sitting.hearing_id) is sitting:
            try:
                await sitting.take_up(worker)
            except WorkerLost:
                return
            except (CourtError, WorkerFault) as failure:
                log.error("hearing not opened again", hearing=sitting.hearing_id, exc_info=failure)
                await asyncio.sleep(_OPENED_AGAIN_EVERY_S)
            else:
                log.info("hearing opened again", hearing=sitting.hearing_id, number=post.number)
                return

    def _went_down(self, post: Post) -> None:
        for sitting in self._sittings_of(post):
            if sitting.was_open:
                sitting.lost()

    def _heard(self, post: Post, worker: WorkerProcess, notice: wire.Notice) -> None:
        if isinstance(notice, wire.Beat):
            for hearing_id, health in notice.health.items():
                if (sitting := self._sitting(hearing_id)) is not None:
                    sitting.heard_health(health)
        elif (sitting := self._sitting(notice.hearing_id)) is not None:
            sitting.heard(notice)

    def _sittings_of(self, post: Post) -> Iterable[Sitting]:
        return [sitting for at, sitting in self._sittings.values() if at is post]
