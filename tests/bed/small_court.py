"""A whole court in this process, without doors: real store, real rooms, real record; people act by calling it."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from cloudcourt.court.bench import Bench
from cloudcourt.court.registry import Registry
from cloudcourt.court.room import HearingRoom
from cloudcourt.court.timing import Timing
from cloudcourt.documents.code_desk import CodeDesk
from cloudcourt.domain.commands import AskedCommand, CloseHearing, OpenHearing, ReportReady, StateFault
from cloudcourt.domain.hearing import SessionState
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import MediaListener
from cloudcourt.domain.recording import SegmentClosed
from cloudcourt.domain.roles import Role
from cloudcourt.domain.written import Heard, WrittenSound
from cloudcourt.store.condition_log import FolderConditionLog
from cloudcourt.store.migrate import migrate
from cloudcourt.store.store import Store
from media.options import MediaOptions
from media.plane import InProcessMediaPlane
from media.record.court_key import CourtKey
from media.record.folders import hearing_folder
from media.record.record_log import FolderRecordLog
from media.record.record_room import FolderRecordRoom
from media.record.sealing import Sealer
from media.record.time_authority import TimeAuthority
from tests.bed.recordings import WallClock
from tests.bed.rtp_source import RtpSource
from tests.bed.sittings import Sitting, schedule

WITHIN_S = 60.0


class Ears:
    """The Audience of a small court: keeps what everyone was told."""

    def __init__(self) -> None:
        self.weathers: dict[ParticipantId, list[dict[str, Any]]] = defaultdict(list)
        self.told: dict[ParticipantId, list[dict[str, Any]]] = defaultdict(list)

    def tell(self, participant_id: ParticipantId, message: str, payload: dict[str, object]) -> None:
        self.told[participant_id].append({"message": message, **payload})

    def weather(self, participant_id: ParticipantId, payload: dict[str, object]) -> None:
        self.weathers[participant_id].append(payload)

    def point(self, participant_id: ParticipantId, payload: dict[str, object]) -> None:
        self.told[participant_id].append({"message": "point", **payload})

    def dismiss(self, participant_id: ParticipantId, reason: str) -> None:
        self.told[participant_id].append({"message": "goodbye", "reason": reason})

    def settle_takeover(self, participant_id: ParticipantId, *, is_granted: bool) -> None:
        self.told[participant_id].append({"message": "takeover", "is_granted": is_granted})


class NobodyListens:
    """No sound is looked at."""

    def follow(self, hearing_id: HearingId) -> None:
        return None

    def leave(self, hearing_id: HearingId) -> None:
        return None

    def heard(self, hearing_id: HearingId) -> Heard | None:
        return None


class SmallCourt:
    """One sitting in progress. `judge`, `clerk` and `plaintiff` are their ids."""

    def __init__(
        self,
        data_dir: Path,
        store: Store,
        sitting: Sitting,
        timing: Timing,
        stamp_url: str | None,
        ears: Ears,
        written: WrittenSound,
    ) -> None:
        clock = WallClock()
        self.data_dir, self.store, self.sitting = data_dir, store, sitting
        self.hearing_id: HearingId = sitting.hearing_id
        self.judge, self.clerk = sitting.people[Role.JUDGE], sitting.people[Role.CLERK]
        self.plaintiff = sitting.people[Role.PLAINTIFF]
        self.ears = ears
        self.court_key = CourtKey.at(data_dir)
        self.evidence = FolderRecordLog(data_dir, clock, self.court_key)
        self.plane = InProcessMediaPlane(data_dir=data_dir, clock=clock, options=MediaOptions(port=0, tcp=False))
        authority = TimeAuthority(stamp_url, self.court_key, first_pause_s=0.2) if stamp_url else None
        sealer = Sealer(self.evidence, clock, authority)
        self.record_room = FolderRecordRoom(data_dir, clock, sealer=sealer)
        self._timing = timing
        self.written = written
        self.registry = Registry(self._bench)

    def _bench(self, listener: MediaListener) -> Bench:
        return Bench(
            clock=WallClock(),
            record=self.store.record,
            links=self.store.links,
            media=self.plane,
            media_listener=listener,
            record_room=self.record_room,
            evidence=self.evidence,
            written=self.written,
            audience=self.ears,
            identity=CodeDesk(self.data_dir),
            conditions=FolderConditionLog(self.data_dir),
            timing=self._timing,
        )

    @property
    def folder(self) -> Path:
        return hearing_folder(self.data_dir, self.hearing_id)

    async def room(self) -> HearingRoom:
        return await self.registry.room(self.hearing_id)

    async def asks(self, person: ParticipantId, command: AskedCommand) -> None:
        room = await self.room()
        await room.carry_out(person, command, f"{person} {time.monotonic_ns()}")

    async def enters(self, *people: ParticipantId) -> None:
        room = await self.room()
        for person in people:
            await room.attend(person, 0, lambda: None)
            await self.asks(person, ReportReady())

    async def opens(self) -> None:
        """The judge opens; the court sits when this returns."""
        await self.asks(self.judge, OpenHearing(countdown_ms=0))
        await self.until(lambda hearing: hearing.session is SessionState.IN_SESSION)

    async def until(self, is_so: Callable[[Any], bool]) -> None:
        """Until the hearing is so."""
        room = await self.room()
        async with asyncio.timeout(WITHIN_S):
            while not is_so(room.hearing):
                await asyncio.sleep(0.01)

    async def speaks(self, sources: list[RtpSource], seconds: float) -> None:
        """Sources send in real time, straight into the recorder."""
        recorder: Any = self.plane._stages[self.hearing_id]._recorder
        began_ns = time.monotonic_ns()
        arrivals = sorted(
            ((arrival, source) for source in sources for arrival in source.arrivals(seconds)),
            key=lambda pair: pair[0].at_s,
        )
        for arrival, source in arrivals:
            arrived_ns = began_ns + round(arrival.at_s * 1e9)
            await asyncio.sleep(max(0.0, (arrived_ns - time.monotonic_ns()) / 1e9))
            if arrival.report is not None:
                recorder.sender_report(source.participant_id, arrival.kind, *arrival.report, arrived_ns)
            else:
                recorder.take(source.participant_id, arrival.kind, arrival.codec, arrival.packet, arrived_ns)

    def notes(self, segment: SegmentClosed) -> None:
        """The media plane tells of a closed segment."""
        self.registry.segment_closed(self.hearing_id, segment)

    async def closes(self) -> None:
        """The judge closes, and states why a busy machine interrupted; the record is sealed when this returns."""
        await self.asks(self.judge, StateFault(text="服务器繁忙"))
        await self.asks(self.judge, CloseHearing())
        await self.sealed()

    async def sealed(self) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not (self.folder / "seal.json").exists():
                await asyncio.sleep(0.02)
        await self.record_room.wait_finished(self.hearing_id)


@asynccontextmanager
async def small_court(
    data_dir: Path,
    *,
    sitting: Sitting | None = None,
    case_number: str = "（2026）粤0192民初1号",
    checkpoint_every_s: float = 0.5,
    log_grace_s: float = 20.0,
    recorder_grace_s: float = 5.0,
    stamp_url: str | None = None,
    ears: Ears | None = None,
    written: WrittenSound | None = None,
) -> AsyncIterator[SmallCourt]:
    """A court on a data folder; with `sitting`, one that goes on with that hearing after a stop or a crash."""
    url = f"sqlite+aiosqlite:///{data_dir / 'cloudcourt.sqlite3'}"
    await migrate(url)
    store = await Store.open(url)
    timing = Timing(
        weather_every_s=0.1,
        checkpoint_every_s=checkpoint_every_s,
        log_grace_s=log_grace_s,
        recorder_grace_s=recorder_grace_s,
    )
    court = SmallCourt(
        data_dir,
        store,
        sitting or await schedule(store, case_number),
        timing,
        stamp_url,
        ears or Ears(),
        written or NobodyListens(),
    )
    try:
        yield court
    finally:
        await court.registry.close()
        await court.plane.close()
        await court.record_room.close()
        await store.close()
