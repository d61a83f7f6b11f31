"""The recorder of one hearing: a participant that only listens, and whose health is the bytes it has synced."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog

from cloudcourt.domain.errors import RecorderNotReady
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import Clock, HearingMedia
from cloudcourt.domain.recording import DiskSpace, Readiness, RecorderHealth, RecorderState, SegmentClosed
from cloudcourt.domain.routing import LineKind
from cloudcourt.observability.tasks import Crew
from media.engine.incoming import TapLabel, Tapped
from media.record.depacketise import Codec
from media.record.disk import DEFAULT_LIMITS, DiskLimits, booked_bytes, space
from media.record.folders import SAFE_ID, journal_segments
from media.record.proof import prove_writable
from media.record.salvage import close_torn_segments
from media.record.synced import SyncedBytes
from media.record.wall import WallAnchor, as_datetime
from media.record.writer import (
    FLOWS_WITHIN_NS,
    PhaseBegan,
    RecordWriter,
    ReportTaken,
    SourceEnded,
    Taking,
    WriterWorld,
)

log = structlog.get_logger()

RING_PACKETS = 16_384
STALLED_AFTER_NS = 2_000_000_000
HUNG_AFTER_NS = 700_000_000
"""A writer that has done nothing for so long is replaced. It works every 50 ms, and a sync takes milliseconds."""
_HUNG_AT_ONCE = 3
"""A disk that hangs for good hangs every new writer too: then nothing helps but waiting."""
_WATCH_S = 0.2
_LATE_NS = 300_000_000
"""When this watch itself is held up for so long, the machine is busy and the writer not to blame."""
_PROBE_EVERY_NS = 1_000_000_000
_DISK_DEADLINE_S = 5.0
_KEY_FRAME_EVERY_NS = 500_000_000


class HearingRecorder:
    """Writes a hearing's record below `folder`. One instance per hearing; all methods belong to the event loop.

    `key_frame_wanted` is called, at most twice a second per line, while a picture waits for a key frame;
    `segment_closed` of every segment of the journal that is closed and synced, those of a crashed recorder included;
    `pictures_kept` at each start, and when pictures are given up or kept again.
    Packets that the disk can't keep up with are dropped, oldest first, and counted in `dropped_packets`.
    """

    def __init__(
        self,
        folder: Path,
        hearing: HearingMedia,
        clock: Clock,
        on_stalled: Callable[[datetime, str], None],
        on_recovered: Callable[[], None],
        *,
        limits: DiskLimits = DEFAULT_LIMITS,
        booked_minutes: int = 0,
    ) -> None:
        for seat in hearing.seats:
            if not SAFE_ID.fullmatch(seat.participant_id):
                raise ValueError("a participant id is letters, digits, - and _")
        self.key_frame_wanted: Callable[[ParticipantId, LineKind], None] = lambda _source, _kind: None
        self.segment_closed: Callable[[SegmentClosed], None] = lambda _segment: None
        self.pictures_kept: Callable[[bool], None] = lambda _are_kept: None
        self.dropped_packets = 0
        self._folder, self._hearing = folder, hearing
        self._on_stalled, self._on_recovered = on_stalled, on_recovered
        self._limits = limits
        self._booked_bytes = booked_bytes(len(hearing.seats), booked_minutes)
        self._anchor = WallAnchor.of(clock)
        self.ring: deque[Taking] = deque(maxlen=RING_PACKETS)
        """What the packet engine puts its copies into, and the writer takes them from."""
        self._synced = SyncedBytes()
        self._writer: RecordWriter | None = None
        self._hung: list[RecordWriter] = []
        self._replaced_ns = 0
        self._space: DiskSpace | None = None
        self._stalled_reason: str | None = None
        self._crew = Crew("recorder")
        self._watched_ns: int | None = None
        self._probed_ns = 0
        self._key_frame_asked_ns: dict[tuple[ParticipantId, LineKind], int] = {}

    async def preflight(self) -> Readiness:
        """Prove that the folder takes the record, the first time for the booked length. Never raises for the disk."""
        try:
            async with asyncio.timeout(_DISK_DEADLINE_S):
                readiness, self._space = await asyncio.to_thread(self._prove)
        except TimeoutError:
            return Readiness(ready=False, reason="disk_too_slow")
        return readiness

    def _prove(self) -> tuple[Readiness, DiskSpace | None]:
        has_begun = bool(journal_segments(self._folder))
        needed = self._limits.sound_bytes if has_begun else self._limits.pictures_bytes + self._booked_bytes
        readiness = prove_writable(self._folder, needed, self._limits.reserve_bytes)
        try:
            return readiness, space(self._folder, self._limits)
        except OSError:
            return readiness, None

    async def start(self) -> None:
        """Record from here on; does nothing while recording. Raises RecorderNotReady."""
        if self._writer is not None:
            return
        readiness = await self.preflight()
        if not readiness.ready:
            raise RecorderNotReady(readiness.reason)
        self._synced.start_from(await asyncio.to_thread(_bytes_of_journal, self._folder))
        self.ring.clear()
        self._key_frame_asked_ns.clear()
        self._begin_writer()
        if self._watched_ns is None:
            self._crew.start(self._watch(), name="watch")
        self._crew.start(self._close_torn(), name="close torn segments")
        if self._stalled_reason is not None:
            self._recover()

    def _begin_writer(self) -> None:
        loop = asyncio.get_running_loop()

        def want_key_frame(source: ParticipantId, kind: LineKind) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._ask_key_frame, source, kind)

        def segment_closed(segment: SegmentClosed) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self.segment_closed, segment)

        def pictures_kept(are_kept: bool) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self.pictures_kept, are_kept)

        self._writer = RecordWriter(
            WriterWorld(
                self._folder,
                self._hearing.hearing_id,
                self._anchor,
                self.ring,
                self._synced,
                self._limits,
                want_key_frame,
                segment_closed,
                pictures_kept,
            )
        )
        self._writer.begin()

    async def _close_torn(self) -> None:
        """What an earlier recorder of this hearing left open when it was killed."""
        for segment in await asyncio.to_thread(close_torn_segments, self._folder):
            self.segment_closed(segment)

    def take(self, source: ParticipantId, kind: LineKind, codec: Codec, packet: bytes, arrived_ns: int) -> None:
        """Record one whole RTP packet, decrypted, that arrived at that `time.monotonic_ns()`."""
        if self._writer is not None:
            self._put(Tapped(TapLabel(source, kind, codec), packet, arrived_ns))

    def sender_report(
        self, source: ParticipantId, kind: LineKind, ntp: int, rtp_timestamp: int, arrived_ns: int
    ) -> None:
        """Note an RTCP sender report: `ntp` is its 64-bit timestamp."""
        if self._writer is not None:
            self._put(ReportTaken(source, kind, ntp, rtp_timestamp, arrived_ns))

    def source_ended(self, source: ParticipantId) -> None:
        """The person's connection ended: what comes next goes to new files."""
        if self._writer is not None:
            self._put(SourceEnded(source))

    def mark(self) -> None:
        """A new phase begins: what comes next goes to new segments of the journal."""
        if self._writer is not None:
            self._put(PhaseBegan())

    async def stop(self) -> None:
        """Close the open segments and tracks, synced. Does nothing when not recording."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        if not await asyncio.to_thread(writer.end, _DISK_DEADLINE_S):
            log.error("recorder thread did not end in time")
            writer.retire()
        if writer.fault is not None and self._stalled_reason is None:
            self._stall(writer.fault)

    def health(self) -> RecorderHealth:
        """What is on the disk, and whether more arrives there."""
        total, recent = self._synced.read()
        writer = self._writer
        state = RecorderState.OFF if writer is None else RecorderState.WRITING
        if self._stalled_reason is not None:
            state = RecorderState.STALLED
        return RecorderHealth(
            state=state,
            bytes_written=total,
            bytes_last_5s=recent,
            reason=self._stalled_reason or "",
            keeps_pictures=writer is None or writer.keeps_pictures,
            disk=(writer.space if writer is not None else None) or self._space,
        )

    async def close(self) -> None:
        """Stop, and end the watch. Idempotent."""
        try:
            await self.stop()
        finally:
            await self._crew.dismiss()
            self._watched_ns = None

    def _put(self, taking: Taking) -> None:
        if len(self.ring) == RING_PACKETS:
            self.dropped_packets += 1
        self.ring.append(taking)

    def _ask_key_frame(self, source: ParticipantId, kind: LineKind) -> None:
        now_ns, line = time.monotonic_ns(), (source, kind)
        if self._writer is not None and now_ns - self._key_frame_asked_ns.get(line, 0) >= _KEY_FRAME_EVERY_NS:
            self._key_frame_asked_ns[line] = now_ns
            self.key_frame_wanted(source, kind)

    # --- the watch -------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        self._watched_ns = time.monotonic_ns()
        while True:
            await asyncio.sleep(_WATCH_S)
            last_ns, self._watched_ns = self._watched_ns, time.monotonic_ns()
            writer = self._writer
            if writer is not None and (gone := self._gone(writer, self._watched_ns, last_ns)) is not None:
                self._replace(writer, gone)
                continue
            reason = await self._reason_for_stall()
            if reason is not None and self._stalled_reason is None:
                self._stall(reason)
            elif reason is None and self._stalled_reason is not None:
                self._recover()

    def _gone(self, writer: RecordWriter, now_ns: int, last_ns: int) -> str | None:
        """Why the writer has to be replaced, if it has."""
        if not writer.is_alive:
            return "writer_died"
        watched_late = now_ns - last_ns > _LATE_NS + round(_WATCH_S * 1e9)
        return "writer_hung" if now_ns - writer.beat_ns > HUNG_AFTER_NS and not watched_late else None

    def _replace(self, writer: RecordWriter, reason: str) -> None:
        if self._stalled_reason is None:
            log.error("recorder lost its writer", hearing_id=self._hearing.hearing_id, reason=reason)
            self._stall(reason)
        self._hung = [hung for hung in self._hung if hung.is_alive]
        if len(self._hung) >= _HUNG_AT_ONCE:
            return
        if reason == "writer_hung":
            self._hung.append(writer)
        self._replaced_ns = time.monotonic_ns()
        self._begin_writer()
        self._crew.start(asyncio.to_thread(writer.retire), name="retire a writer")

    async def _reason_for_stall(self) -> str | None:
        if self._writer is None:
            return await self._reason_while_off()
        if self._writer.fault is not None:
            return self._writer.fault
        now_ns = time.monotonic_ns()
        began_ns, newest_ns = self._flow(self._writer)
        flows = now_ns - newest_ns < FLOWS_WITHIN_NS
        if flows and self._stalled_reason is not None and self._synced.last_sync_ns < self._replaced_ns:
            return self._stalled_reason  # the new writer has brought nothing to the disk yet
        if flows and now_ns - max(self._synced.last_sync_ns, began_ns) > STALLED_AFTER_NS:
            return "nothing_written"
        return None

    async def _reason_while_off(self) -> str | None:
        now_ns = time.monotonic_ns()
        if self._stalled_reason is None or now_ns - self._probed_ns < _PROBE_EVERY_NS:
            return self._stalled_reason
        self._probed_ns = now_ns
        readiness = await self.preflight()
        return None if readiness.ready else readiness.reason

    def _flow(self, writer: RecordWriter) -> tuple[int, int]:
        """When packets began to come without a pause, and when the newest came; the writer may be stuck."""
        began_ns, newest_ns = writer.flow_began_ns, writer.newest_ns
        waiting = []
        for end in (0, -1):
            with suppress(IndexError):  # each look is one step: the writer's thread takes from the ring meanwhile
                if not isinstance(taking := self.ring[end], SourceEnded | PhaseBegan):
                    waiting.append(taking.arrived_ns)
        if waiting and waiting[0] - newest_ns > FLOWS_WITHIN_NS:
            began_ns = waiting[0]
        return began_ns, max([newest_ns, *waiting])

    def _stall(self, reason: str) -> None:
        began_ns = 0 if self._writer is None else self._flow(self._writer)[0]
        since_ns = max(self._synced.last_sync_ns, began_ns) or time.monotonic_ns()
        self._stalled_reason = reason
        self._on_stalled(as_datetime(self._anchor.wall_ns(since_ns)), reason)

    def _recover(self) -> None:
        self._stalled_reason = None
        self._on_recovered()


def _bytes_of_journal(folder: Path) -> int:
    return sum(path.stat().st_size for path in journal_segments(folder))
