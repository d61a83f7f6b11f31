"""What control remembers of one hearing, so that another worker can take it over where a dead one left it."""

import asyncio
from pathlib import Path

import structlog

from cloudcourt.domain.errors import MediaRefused, MediaUnavailable, RecorderNotReady
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import Clock, HearingMedia, MediaAnswer, MediaListener, PacketsSent
from cloudcourt.domain.recording import Readiness, RecorderHealth, RecorderState
from cloudcourt.domain.routing import NO_ROUTING, Routing
from media.record.folders import hearing_folder, last_written_at
from media.worker import wire
from media.worker.process import WorkerLost, WorkerProcess, WorkerSlow

log = structlog.get_logger()

LOST = "media_worker_lost"
"""The reason told when a recording stopped because its process did."""
RECORD_AGAIN_EVERY_S = 1.0

_OPEN_S = 5.0
_CONNECT_S = 15.0
_ROUTING_S = 3.0
_DISK_S = 12.0
_CLOSE_S = 10.0


class Sitting:
    """One open hearing in one worker at a time, or for a moment in none.

    What is asked while there is no worker is true at once (nothing flows, nothing is written) or refused; the next
    worker is told the last routing before anybody can connect. `_moving` keeps starts and stops of the recording, and
    the hearing's own opening and closing, from overtaking one another.
    """

    def __init__(self, hearing: HearingMedia, listener: MediaListener, data_dir: Path, clock: Clock) -> None:
        self.hearing_id = hearing.hearing_id
        self.listener = listener
        self._hearing = hearing
        self._clock = clock
        self._folder = hearing_folder(data_dir, hearing.hearing_id)
        self.was_open = False
        self._worker: WorkerProcess | None = None
        self._routing = NO_ROUTING
        self._connected: set[ParticipantId] = set()
        self._recording = False
        self._stalled = False
        self._waits_for_bytes = False
        self._health = RecorderHealth(state=RecorderState.OFF, bytes_written=0, bytes_last_5s=0)
        self._closed = False
        self._moving = asyncio.Lock()

    # --- a worker comes, a worker goes -----------------------------------------------------------------------

    async def open_in(self, worker: WorkerProcess) -> None:
        """Open the hearing there, with its last routing. Raises MediaUnavailable, WorkerLost."""
        async with self._moving:
            if self._closed:
                return
            await _told(worker, wire.Open(hearing=self._hearing), _OPEN_S)
            # From here on new routings go to the worker itself, after the one sent now.
            self._worker, self.was_open = worker, True
            await self._obeyed(worker, self._routing)

    async def take_up(self, worker: WorkerProcess) -> None:
        """Open the hearing again after its worker died; an interrupted recording goes on. Raises as `open_in`."""
        await self.open_in(worker)
        if not self._closed:
            self.listener.media_lost(self.hearing_id)
        while self._recording and self._worker is worker:
            if await self._records_again(worker):
                return
            await asyncio.sleep(RECORD_AGAIN_EVERY_S)

    async def _records_again(self, worker: WorkerProcess) -> bool:
        async with self._moving:
            if not self._recording or self._worker is not worker:
                return True
            try:
                await _told(worker, wire.StartRecording(hearing_id=self.hearing_id), _DISK_S)
            except (RecorderNotReady, MediaUnavailable) as refusal:
                log.error("recording not taken up again", hearing=self.hearing_id, code=refusal.code)
                return False
            return True

    def lost(self) -> None:
        """The worker is dead, and with it every connection."""
        self._worker = None
        connected, self._connected = sorted(self._connected), set()
        for participant_id in connected:
            self.listener.media_link_changed(self.hearing_id, participant_id, False)
        self._health = self._health.model_copy(update={"bytes_last_5s": 0, "state": RecorderState.OFF, "reason": ""})
        if self._recording:
            self._waits_for_bytes = True
            if not self._stalled:
                self._stalled = True
                since = last_written_at(self._folder) or self._clock.now()
                self.listener.recorder_stalled(self.hearing_id, since, LOST)

    # --- what the court asks ---------------------------------------------------------------------------------

    async def seat(self, hearing: HearingMedia) -> None:
        """These people have seats from now on; a next worker is told so too."""
        if hearing == self._hearing:
            return
        self._hearing = hearing
        if (worker := self._worker) is not None:
            await _done_or_dead(worker, wire.Open(hearing=hearing), _OPEN_S)

    async def connect(self, participant_id: ParticipantId, offer: str) -> MediaAnswer:
        """Raises MediaRefused, MediaUnavailable."""
        if (worker := self._worker) is None:
            raise MediaUnavailable
        ask = wire.Connect(hearing_id=self.hearing_id, participant_id=participant_id, offer=offer)
        try:
            return MediaAnswer.model_validate(await _told(worker, ask, _CONNECT_S))
        except wire.MessageTooLong:
            raise MediaRefused("too_large") from None
        except WorkerLost:
            raise MediaUnavailable from None

    async def disconnect(self, participant_id: ParticipantId) -> None:
        if (worker := self._worker) is not None:
            ask = wire.Disconnect(hearing_id=self.hearing_id, participant_id=participant_id)
            await _done_or_dead(worker, ask, _CLOSE_S)

    async def set_routing(self, routing: Routing) -> None:
        """Returns when the worker has obeyed, or is dead: what must not flow doesn't."""
        self._routing = routing
        if (worker := self._worker) is not None:
            await self._obeyed(worker, routing)

    async def _obeyed(self, worker: WorkerProcess, routing: Routing) -> None:
        ask = wire.SetRouting(hearing_id=self.hearing_id, routing=routing)
        try:
            await _done_or_dead(worker, ask, _ROUTING_S)
        except MediaUnavailable:
            worker.kill()
            await worker.over()

    async def packets_sent(self) -> PacketsSent:
        """Since this worker opened the hearing. Raises MediaUnavailable."""
        if (worker := self._worker) is None:
            raise MediaUnavailable
        try:
            answer = await _told(worker, wire.CountPackets(hearing_id=self.hearing_id), _ROUTING_S)
        except WorkerLost:
            raise MediaUnavailable from None
        return PacketsSent.model_validate(answer)

    async def preflight(self) -> Readiness:
        if (worker := self._worker) is None:
            return Readiness(ready=False, reason=LOST)
        try:
            return Readiness.model_validate(await _told(worker, wire.Preflight(hearing_id=self.hearing_id), _DISK_S))
        except (WorkerLost, MediaUnavailable):
            return Readiness(ready=False, reason=LOST)

    async def start_recording(self) -> None:
        """Raises RecorderNotReady."""
        async with self._moving:
            if (worker := self._worker) is None:
                raise RecorderNotReady(LOST)
            try:
                await _told(worker, wire.StartRecording(hearing_id=self.hearing_id), _DISK_S)
            except (WorkerLost, MediaUnavailable):
                raise RecorderNotReady(LOST) from None
            self._recording = True

    async def mark(self) -> None:
        """Without a worker nothing is written, and there is nothing to cut."""
        if (worker := self._worker) is not None:
            await _done_or_dead(worker, wire.Mark(hearing_id=self.hearing_id), _ROUTING_S)

    async def stop_recording(self) -> None:
        """What a dead worker wrote is closed by its death."""
        self._recording = False
        async with self._moving:
            self._recording = False  # a start that was under way is over
            if (worker := self._worker) is not None:
                ask = wire.StopRecording(hearing_id=self.hearing_id)
                await _done_or_dead(worker, ask, _DISK_S)

    async def close(self) -> None:
        """Idempotent; an opening under way is waited for, and undone."""
        self._closed, self._recording = True, False
        async with self._moving:
            worker, self._worker = self._worker, None
            if worker is not None:
                await _done_or_dead(worker, wire.Close(hearing_id=self.hearing_id), _CLOSE_S)

    # --- what the worker tells -------------------------------------------------------------------------------

    def health(self) -> RecorderHealth:
        """As the worker told last; STALLED while the recording should run and no worker writes it."""
        if self._recording and self._health.state is RecorderState.OFF:
            return self._health.model_copy(update={"state": RecorderState.STALLED, "reason": LOST})
        return self._health

    def heard(self, notice: wire.HearingNotice) -> None:
        """Pass on what happened."""
        match notice:
            case wire.LinkChanged():
                (self._connected.add if notice.connected else self._connected.discard)(notice.participant_id)
                self.listener.media_link_changed(self.hearing_id, notice.participant_id, notice.connected)
            case wire.Weather():
                self.listener.media_weather(self.hearing_id, notice.weather)
            case wire.RecorderStalled():
                self._stalled = True
                # The last beat is from before: a record that stalls must not be taken for one that has recovered.
                self._health = self._health.model_copy(update={"state": RecorderState.STALLED, "reason": notice.reason})
                self.listener.recorder_stalled(self.hearing_id, notice.since, notice.reason)
            case wire.RecorderRecovered():
                self._recovered()
            case wire.PicturesKept():
                self.listener.pictures_kept(self.hearing_id, notice.are_kept)
            case wire.SegmentTold():
                self.listener.segment_closed(self.hearing_id, notice.segment)

    def heard_health(self, health: RecorderHealth) -> None:
        """Once a second: after a worker's death the record has recovered when bytes reach the disk again."""
        self._health = health
        if self._waits_for_bytes and health.state is RecorderState.WRITING and health.bytes_last_5s > 0:
            self._recovered()

    def _recovered(self) -> None:
        self._stalled = self._waits_for_bytes = False
        self.listener.recorder_recovered(self.hearing_id)


async def _told(worker: WorkerProcess, ask: wire.Ask, deadline_s: float) -> dict[str, object] | None:
    """Ask; no answer in time is MediaUnavailable."""
    try:
        return await worker.ask(ask, deadline_s)
    except WorkerSlow:
        raise MediaUnavailable from None


async def _done_or_dead(worker: WorkerProcess, ask: wire.Ask, deadline_s: float) -> None:
    """Return when it is carried out, or the worker dead: one that doesn't answer is killed.

    Raises MediaUnavailable when the worker itself gave up.
    """
    try:
        await worker.ask(ask, deadline_s)
    except WorkerSlow:
        worker.kill()
        await worker.over()
    except WorkerLost:
        pass
