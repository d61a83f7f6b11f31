"""The media plane of one process: live forwarding and capture behind the `MediaPlane` port."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cloudcourt.domain.errors import MediaUnavailable, RecorderNotReady
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import Clock, HearingMedia, MediaAnswer, MediaListener
from cloudcourt.domain.recording import Readiness, RecorderHealth, RecorderState
from cloudcourt.domain.routing import Routing
from media.guard import IngressCounts
from media.record.recorder import HearingRecorder
from media.seam import Switchboard
from media.stage import Stage

_NOT_OPEN = "hearing_not_open"


class InProcessMediaPlane:
    """A `MediaPlane` on the running event loop.

    `data_dir` is the server's data directory: a hearing's record goes to `hearings/{hearing_id}` below it.
    `announce_address` is what the world calls us behind a 1:1 NAT; `bind_loopback` also answers on 127.0.0.1.
    Raises ValueError when `announce_address` is no IP address.
    """

    def __init__(
        self,
        *,
        data_dir: Path,
        clock: Clock,
        announce_address: str | None = None,
        bind_loopback: bool = True,
    ) -> None:
        self.ingress = IngressCounts()
        self._data_dir, self._clock = data_dir, clock
        self._board = Switchboard(announce_address=announce_address, bind_loopback=bind_loopback, counts=self.ingress)
        self._stages: dict[HearingId, Stage] = {}

    def snapshot(self) -> dict[str, int]:
        """Facts for metrics: what is open, and what was dropped at the door by reason."""
        people = sum(stage.connected_people for stage in self._stages.values())
        dropped = {f"dropped_{reason}": count for reason, count in self.ingress.snapshot().items()}
        return {"hearings": len(self._stages), "people_connected": people, **dropped}

    async def open_hearing(self, hearing: HearingMedia, listener: MediaListener) -> None:
        if (stage := self._stages.get(hearing.hearing_id)) is not None:
            stage.listener = listener
            return
        folder = self._data_dir / "hearings" / hearing.hearing_id

        def make_recorder(stalled: Callable[[datetime, str], None], recovered: Callable[[], None]) -> HearingRecorder:
            return HearingRecorder(folder, hearing, self._clock, stalled, recovered)

        self._stages[hearing.hearing_id] = Stage(hearing, listener, self._board.make, make_recorder, self.ingress)

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

    async def preflight(self, hearing_id: HearingId) -> Readiness:
        if (stage := self._stages.get(hearing_id)) is None:
            return Readiness(ready=False, reason=_NOT_OPEN)
        return await stage.preflight()

    async def start_recording(self, hearing_id: HearingId) -> None:
        if (stage := self._stages.get(hearing_id)) is None:
            raise RecorderNotReady(_NOT_OPEN)
        await stage.start_recording()

    async def stop_recording(self, hearing_id: HearingId) -> None:
        if (stage := self._stages.get(hearing_id)) is not None:
            await stage.stop_recording()

    def recorder_health(self, hearing_id: HearingId) -> RecorderHealth:
        if (stage := self._stages.get(hearing_id)) is None:
            return RecorderHealth(state=RecorderState.OFF, bytes_written=0, bytes_last_5s=0)
        return stage.recorder_health()

    async def close_hearing(self, hearing_id: HearingId) -> None:
        if (stage := self._stages.pop(hearing_id, None)) is not None:
            await stage.close()

    async def close(self) -> None:
        """Close every hearing: for the process's own end. Idempotent."""
        while self._stages:
            await self.close_hearing(next(iter(self._stages)))
