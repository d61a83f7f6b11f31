"""A media worker's side of the wire: carries out control's calls on a plane of its own, and tells what happens."""

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import datetime

import structlog

from cloudcourt.domain.error_codes import ErrorCode
from cloudcourt.domain.errors import CourtError
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import Clock, MediaListener, MediaWeather
from cloudcourt.domain.recording import SegmentClosed
from cloudcourt.domain.value import Value
from cloudcourt.observability.logs import hearing_in_hand
from cloudcourt.observability.tasks import Crew
from media.plane import InProcessMediaPlane
from media.worker.wire import (
    FIRST_FROM_CONTROL,
    FROM_CONTROL,
    Answer,
    Beat,
    Call,
    Close,
    Done,
    Failed,
    LinkChanged,
    Open,
    PicturesKept,
    RecorderRecovered,
    RecorderStalled,
    Refused,
    SegmentTold,
    StartRecording,
    StopRecording,
    Weather,
    Wire,
)

log = structlog.get_logger()

BEAT_EVERY_S = 1.0
WEATHER_BACKLOG_BYTES = 262_144
"""While control reads so slowly that this much waits, weather is dropped; everything else is queued."""
CLOSES_WITHIN_S = 6.0


class Service(MediaListener):
    """Serves one control process until it hangs up. `on_beat` is called once a second while the loop turns."""

    def __init__(self, wire: Wire, clock: Clock, on_beat: Callable[[], None]) -> None:
        self._wire, self._clock, self._on_beat = wire, clock, on_beat
        self._crew = Crew("media worker", on_failure=lambda _failure: self.end())
        self._open: set[HearingId] = set()
        self._ended = asyncio.Event()

    def end(self) -> None:
        """Stop serving: what is open is closed in order."""
        self._ended.set()

    async def serve(self) -> int:
        """Take the ports, then serve until control hangs up or `end`; then close every hearing and its record.

        The process's exit code: 1 after a fault, which is logged.
        """
        try:
            start = await self._wire.receive(FIRST_FROM_CONTROL)
        except (EOFError, OSError):
            return 0
        plane = InProcessMediaPlane(data_dir=start.data_dir, clock=self._clock, options=start.options)
        self._crew.start(self._listen(plane), name="calls")
        try:
            await plane.start()
            self._crew.start(self._beat_every_second(plane), name="beat")
            await self._ended.wait()
        except Exception:  # the process ends; whoever reads the log must know why
            log.exception("media worker failed")
            return 1
        else:
            return 0
        finally:
            await self._close(plane)

    async def _close(self, plane: InProcessMediaPlane) -> None:
        try:
            async with asyncio.timeout(CLOSES_WITHIN_S):
                await plane.close()
        except TimeoutError:
            log.error("media worker did not close in time")
        finally:
            await self._crew.dismiss()
            self._wire.close()

    async def _listen(self, plane: InProcessMediaPlane) -> None:
        try:
            while True:
                call = await self._wire.receive(FROM_CONTROL)
                # Tasks begin in the order they are made: a routing is obeyed before the next call begins.
                self._crew.start(self._answer(plane, call), name=call.ask.kind)
        except (EOFError, OSError):
            log.info("control has hung up")
        finally:
            self.end()

    async def _answer(self, plane: InProcessMediaPlane, call: Call) -> None:
        hearing_in_hand.set(call.ask.hearing.hearing_id if isinstance(call.ask, Open) else call.ask.hearing_id)
        answer = await self._carried_out(plane, call)
        if isinstance(call.ask, StartRecording | StopRecording):
            self._beat(plane)
        self._wire.send(answer)

    async def _carried_out(self, plane: InProcessMediaPlane, call: Call) -> Answer:
        try:
            async with asyncio.timeout(call.deadline_s):
                value: Value | None = await call.ask.carry_out(plane, self)
        except CourtError as refusal:
            return Refused(number=call.number, code=refusal.code, fields=refusal.fields)
        except TimeoutError:
            log.error("media call not carried out in time", call=call.ask.kind)
            return Refused(number=call.number, code=ErrorCode.MEDIA_UNAVAILABLE, fields={})
        except Exception as failure:  # the boundary: control learns only the incident's id
            incident_id = secrets.token_hex(6)
            log.error("media call failed", call=call.ask.kind, incident_id=incident_id, exc_info=failure)
            return Failed(number=call.number, incident_id=incident_id)
        if isinstance(call.ask, Open):
            self._open.add(call.ask.hearing.hearing_id)
        elif isinstance(call.ask, Close):
            self._open.discard(call.ask.hearing_id)
        return Done(number=call.number, value=None if value is None else value.model_dump(mode="json"))

    async def _beat_every_second(self, plane: InProcessMediaPlane) -> None:
        while True:
            self._beat(plane)
            self._on_beat()
            await asyncio.sleep(BEAT_EVERY_S)

    def _beat(self, plane: InProcessMediaPlane) -> None:
        self._wire.send(
            Beat(
                health={hearing_id: plane.recorder_health(hearing_id) for hearing_id in self._open},
                cpu_s=time.process_time(),
                facts=plane.snapshot(),
                ports=plane.ports_in_use(),
            )
        )

    # --- what the plane tells --------------------------------------------------------------------------------

    def media_link_changed(self, hearing_id: HearingId, participant_id: ParticipantId, connected: bool) -> None:
        self._wire.send(LinkChanged(hearing_id=hearing_id, participant_id=participant_id, connected=connected))

    def media_weather(self, hearing_id: HearingId, weather: MediaWeather) -> None:
        if self._wire.waiting_bytes < WEATHER_BACKLOG_BYTES:
            self._wire.send(Weather(hearing_id=hearing_id, weather=weather))

    def media_lost(self, hearing_id: HearingId) -> None:
        """Nobody in this process says so: it is control that sees workers die."""

    def recorder_stalled(self, hearing_id: HearingId, since: datetime, reason: str) -> None:
        self._wire.send(RecorderStalled(hearing_id=hearing_id, since=since, reason=reason))

    def recorder_recovered(self, hearing_id: HearingId) -> None:
        self._wire.send(RecorderRecovered(hearing_id=hearing_id))

    def pictures_kept(self, hearing_id: HearingId, are_kept: bool) -> None:
        self._wire.send(PicturesKept(hearing_id=hearing_id, are_kept=are_kept))

    def segment_closed(self, hearing_id: HearingId, segment: SegmentClosed) -> None:
        self._wire.send(SegmentTold(hearing_id=hearing_id, segment=segment))
