"""The media plane of one process: live forwarding and capture behind the `MediaPlane` port."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cloudcourt.domain.errors import MediaUnavailable, RecorderNotReady
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import Clock, HearingMedia, MediaAnswer, MediaListener, PacketsSent
from cloudcourt.domain.recording import Readiness, RecorderHealth, RecorderState
from cloudcourt.domain.routing import Routing
from media.options import MediaOptions
from media.record.recorder import HearingRecorder
from media.stage import Stage
from media.switchboard import Switchboard

DEFAULT_OPTIONS = MediaOptions()
_NOT_OPEN = "hearing_not_open"


class InProcessMediaPlane:
    """A `MediaPlane` on the running event loop.

    `data_dir` is the server's data directory: a hearing's record goes to `hearings/{hearing_id}` below it.
    Raises ValueError when the options announce what is no IP address.
    """

    def __init__(self, *, data_dir: Path, clock: Clock, options: MediaOptions = DEFAULT_OPTIONS) -> None:
        self._data_dir, self._clock = data_dir, clock
        self._booked_minutes = options.booked_minutes
        self._board = Switchboard(options)
        self.ingress = self._board.counts
        self._stages: dict[HearingId, Stage] = {}
        self._opened_at: dict[HearingId, datetime] = {}
        self._starting = asyncio.Lock()
        self._is_started = False

    async def start(self) -> None:
        """Take the ports; another port than the wanted one, with an error in the log, if that stays taken.

        Raises OSError when none can be had. Idempotent.
        """
        async with self._starting:
            if not self._is_started:
                await self._board.open()
                self._is_started = True

    def ports_in_use(self) -> str:
        """The ports, in words, for those who watch."""
        return self._board.ports

    def snapshot(self) -> dict[str, int]:
        """Facts for metrics: what is open, and what was dropped at the door by reason."""
        people = sum(stage.connected_people for stage in self._stages.values())
        dropped = {f"dropped_{reason}": count for reason, count in self.ingress.snapshot().items()}
        checks = {f"ice_{what}": count for what, count in self._board.ice.counts.snapshot().items()}
        mixes = sum(stage.mixing.listeners for stage in self._stages.values())
        restarts = sum(stage.mixing.restarts for stage in self._stages.values())
        mixing = {"people_sent_a_mix": mixes, "mixer_restarts": restarts}
        return {"hearings": len(self._stages), "people_connected": people, **mixing, **dropped, **checks}

    def mixer_pid(self, hearing_id: HearingId) -> int | None:
        """The process that mixes this hearing's sound now, if one does: for those who watch."""
        stage = self._stages.get(hearing_id)
        return None if stage is None else stage.mixing.pid

    async def open_hearing(self, hearing: HearingMedia, listener: MediaListener) -> None:
        await self.start()
        if (stage := self._stages.get(hearing.hearing_id)) is not None:
            stage.listener = listener
            stage.seat(hearing)
            return
        folder = self._data_dir / "hearings" / hearing.hearing_id

        def make_recorder(stalled: Callable[[datetime, str], None], recovered: Callable[[], None]) -> HearingRecorder:
            return HearingRecorder(
                folder, hearing, self._clock, stalled, recovered, booked_minutes=self._booked_minutes
            )

        self._opened_at[hearing.hearing_id] = self._clock.now()
        self._stages[hearing.hearing_id] = Stage(hearing, listener, self._board.make, self._board.engine, make_recorder)

    async def connect(self, hearing_id: HearingId, participant_id: ParticipantId, offer: str) -> MediaAnswer:
        if (stage := self._stages.get(hearing_id)) is None:
            raise MediaUnavailable
        return await stage.connect(participant_id, offer)

    async def disconnect(self, hearing_id: HearingId, participant_id: ParticipantId) -> None:
        if (stage := self._stages.get(hearing_id)) is not None:
            await stage.disconnect(participant_id)

    async def set_routing(self, hearing_id: HearingId, routing: Routing) -> None:
        if (stage := self._stages.get(hearing_id)) is not None:
            stage.set_routing(routing)

    async def packets_sent(self, hearing_id: HearingId) -> PacketsSent:
        if (stage := self._stages.get(hearing_id)) is None:
            raise MediaUnavailable
        return PacketsSent(counted_since=self._opened_at[hearing_id], by_listener=stage.packets_sent())

    async def preflight(self, hearing_id: HearingId) -> Readiness:
        if (stage := self._stages.get(hearing_id)) is None:
            return Readiness(ready=False, reason=_NOT_OPEN)
        return await stage.preflight()

    async def start_recording(self, hearing_id: HearingId) -> None:
        if (stage := self._stages.get(hearing_id)) is None:
            raise RecorderNotReady(_NOT_OPEN)
        await stage.start_recording()

    async def mark(self, hearing_id: HearingId) -> None:
        if (stage := self._stages.get(hearing_id)) is not None:
            stage.mark()

    async def stop_recording(self, hearing_id: HearingId) -> None:
        if (stage := self._stages.get(hearing_id)) is not None:
            await stage.stop_recording()

    def recorder_health(self, hearing_id: HearingId) -> RecorderHealth:
        if (stage := self._stages.get(hearing_id)) is None:
            return RecorderHealth(state=RecorderState.OFF, bytes_written=0, bytes_last_5s=0)
        return stage.recorder_health()

    async def close_hearing(self, hearing_id: HearingId) -> None:
        if (stage := self._stages.pop(hearing_id, None)) is not None:
            del self._opened_at[hearing_id]
            await stage.close()

    async def close(self) -> None:
        """Close every hearing and give the ports back: for the process's own end. Idempotent."""
        while self._stages:
            await self.close_hearing(next(iter(self._stages)))
        await self._board.close()
