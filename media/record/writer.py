"""The writer thread: drains the ring of packets, keeps the journal, writes the tracks, and syncs both."""

import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import av
import structlog

from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.recording import DiskSpace, SegmentClosed
from cloudcourt.domain.routing import LineKind
from media.engine.incoming import Tapped
from media.record.disk import DiskFull, DiskLimits, space
from media.record.journal import Reason
from media.record.packets import RtpPacket, parse_rtp
from media.record.proof import prove_writable, reason_of
from media.record.synced import SyncedBytes
from media.record.track_journal import TrackJournal
from media.record.track_writer import TrackWriter
from media.record.wall import PublisherClock, WallAnchor

log = structlog.get_logger()

_TURN_S = 0.05
_SYNC_JOURNAL_EVERY_NS = 200_000_000
_SYNC_TRACKS_EVERY_NS = 400_000_000
_LOOK_EVERY_NS = 1_000_000_000
_RETRY_EVERY_NS = 1_000_000_000
_PICTURES_AGAIN = 1.25
"""Pictures are kept again once there is so much more room than where they were given up: no flapping."""
FLOWS_WITHIN_NS = 2_000_000_000
"""A longer pause between packets ends a flow."""


class ReportTaken(NamedTuple):
    source: ParticipantId
    kind: LineKind
    ntp: int
    rtp_timestamp: int
    arrived_ns: int


class SourceEnded(NamedTuple):
    source: ParticipantId


class PhaseBegan(NamedTuple):
    """What comes after it belongs to another phase of the hearing."""


Taking = Tapped | ReportTaken | SourceEnded | PhaseBegan
Stream = tuple[ParticipantId, LineKind]


class WriterWorld(NamedTuple):
    """What every writer of one recorder shares. The callables are called from the writer's thread."""

    folder: Path
    hearing_id: HearingId
    anchor: WallAnchor
    ring: deque[Taking]
    synced: SyncedBytes
    limits: DiskLimits
    want_key_frame: Callable[[ParticipantId, LineKind], None]
    segment_closed: Callable[[SegmentClosed], None]
    pictures_kept: Callable[[bool], None]
    """Told by each writer when it has looked at the disk first, and on a change."""


class RecordWriter:
    """Runs from one start of the recording to its stop, or until it is replaced. `fault`: why the disk refuses."""

    def __init__(self, world: WriterWorld) -> None:
        self.fault: str | None = None
        self.content_faults = 0
        self.flow_began_ns = 0
        self.newest_ns = 0
        """When the flow of packets began, and when the newest taken one arrived (monotonic)."""
        self.beat_ns = time.monotonic_ns()
        """When the thread last did something."""
        self.keeps_pictures = True
        self.space: DiskSpace | None = None
        self._pictures_told: bool | None = None
        self._world = world
        self._journals: dict[Stream, TrackJournal] = {}
        self._tracks: dict[Stream, TrackWriter] = {}
        self._publishers: dict[ParticipantId, PublisherClock] = {}
        self._early: dict[Stream, ReportTaken] = {}
        """Reports that came before their stream's first packet."""
        self._journal_synced_ns = self._tracks_synced_ns = self._looked_ns = self._retried_ns = 0
        self._stopping = threading.Event()
        self._retired = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def end(self, deadline_s: float) -> bool:
        """Write what is left, close the files, end the thread. False when the disk held it up too long."""
        self._stopping.set()
        self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def retire(self) -> None:
        """Another writer has taken over: what this one holds is closed, by the caller if the thread is dead."""
        self._retired.set()
        self._stopping.set()
        if not self._thread.is_alive():
            self._close_all("gap")

    def _run(self) -> None:
        stopping = False
        while not stopping:
            stopping = self._stopping.wait(_TURN_S)
            self.beat_ns = time.monotonic_ns()
            try:
                self._turn(self.beat_ns)
            except Exception as failure:  # noqa: BLE001 - whatever it is, the record must go on
                self._fail(failure)
        self._close_all("gap" if self._retired.is_set() else "phase")

    def _turn(self, now_ns: int) -> None:
        if self.fault is not None and not self._may_go_on(now_ns):
            return
        if now_ns - self._looked_ns >= _LOOK_EVERY_NS:
            self._looked_ns = now_ns
            self._look_at_disk()
        while self._world.ring and not self._retired.is_set():
            self._carry_out(self._world.ring.popleft())
            self.beat_ns = time.monotonic_ns()
        for journal in self._journals.values():
            journal.tick(now_ns)
        for track in self._tracks.values():
            self._guarded(track, partial(track.tick, now_ns))
        self._sync(now_ns)

    def _sync(self, now_ns: int) -> None:
        if now_ns - self._journal_synced_ns >= _SYNC_JOURNAL_EVERY_NS:
            self._journal_synced_ns = now_ns
            for journal in self._journals.values():
                journal.sync()
                self.beat_ns = time.monotonic_ns()
        if now_ns - self._tracks_synced_ns >= _SYNC_TRACKS_EVERY_NS:
            self._tracks_synced_ns = now_ns
            for track in self._tracks.values():
                track.sync()
                self.beat_ns = time.monotonic_ns()

    def _look_at_disk(self) -> None:
        """Give up pictures first, sound last, and keep what the seal needs. Raises DiskFull."""
        self.space = space(self._world.folder, self._world.limits)
        free, limit = self.space.free_bytes, self._world.limits.pictures_bytes
        if free < self._world.limits.sound_bytes:
            raise DiskFull
        if self.keeps_pictures and free < limit:
            log.error("disk nearly full: pictures are not recorded any more", free_bytes=free)
            self.keeps_pictures = False
            for key in [key for key in self._journals if key[1] != "audio"]:
                self._close(key, "gap")
        elif not self.keeps_pictures and free >= limit * _PICTURES_AGAIN:
            log.info("pictures are recorded again", free_bytes=free)
            self.keeps_pictures = True
        if self._pictures_told is not self.keeps_pictures:
            self._pictures_told = self.keeps_pictures
            self._world.pictures_kept(self.keeps_pictures)

    def _carry_out(self, taking: Taking) -> None:
        match taking:
            case Tapped():
                self._packet(taking)
            case ReportTaken():
                self._report(taking)
            case SourceEnded():
                self._end_source(taking.source)
            case PhaseBegan():
                for journal in self._journals.values():
                    journal.cut()

    def _packet(self, taking: Tapped) -> None:
        if taking.arrived_ns - self.newest_ns > FLOWS_WITHIN_NS:
            self.flow_began_ns = taking.arrived_ns
        self.newest_ns = taking.arrived_ns
        packet = parse_rtp(taking.packet)
        source, kind, codec = taking.label
        if packet is None or (kind != "audio" and not self.keeps_pictures):
            return
        journal = self._journal(source, kind)
        journal.packet(codec, packet.ssrc, packet.sequence, taking.packet, taking.arrived_ns)
        track = self._tracks.get((source, kind))
        if track is None or track.ssrc != packet.ssrc or track.codec != codec:
            track = self._new_track(taking, packet)
        self._guarded(track, lambda: track.take(packet, taking.arrived_ns))
        if (early := self._early.pop((source, kind), None)) is not None:
            self._note_report(early)
        if track.has_jumped:
            journal.close("gap")
            anew = self._new_track(taking, packet)
            self._guarded(anew, lambda: anew.take(packet, taking.arrived_ns))

    def _journal(self, source: ParticipantId, kind: LineKind) -> TrackJournal:
        journal = self._journals.get((source, kind))
        if journal is None:
            world = self._world
            journal = TrackJournal(
                world.folder, world.hearing_id, source, kind, world.anchor, world.synced.add, world.segment_closed
            )
            self._journals[source, kind] = journal
        return journal

    def _new_track(self, taking: Tapped, packet: RtpPacket) -> TrackWriter:
        source, kind, codec = taking.label
        if (old := self._tracks.pop((source, kind), None)) is not None:
            self._finish(old)
        self._publisher(source).forget(kind)
        journal = self._journal(source, kind)
        track = TrackWriter(
            self._world.folder,
            source,
            kind,
            codec,
            packet.ssrc,
            self._world.anchor,
            wants_key_frame=lambda: self._world.want_key_frame(source, kind),
            journal_number=lambda: journal.number,
        )
        self._tracks[source, kind] = track
        return track

    def _report(self, taking: ReportTaken) -> None:
        if taking.ntp == 0 or (taking.kind != "audio" and not self.keeps_pictures):
            return
        self._journal(taking.source, taking.kind).report(taking.ntp, taking.rtp_timestamp, taking.arrived_ns)
        self._note_report(taking)

    def _note_report(self, taking: ReportTaken) -> None:
        track = self._tracks.get((taking.source, taking.kind))
        if track is None:
            self._early[taking.source, taking.kind] = taking
            return
        if not track.clock.knows(taking.rtp_timestamp):
            return
        publisher = self._publisher(taking.source)
        arrived_wall_ns = self._world.anchor.wall_ns(taking.arrived_ns)
        publisher.report(taking.kind, taking.ntp, taking.rtp_timestamp, arrived_wall_ns)
        for kind, (rtp_timestamp, captured_wall_ns) in publisher.captured().items():
            if (either := self._tracks.get((taking.source, kind))) is not None:
                either.clock.report(rtp_timestamp, captured_wall_ns)

    def _end_source(self, source: ParticipantId) -> None:
        for key in [key for key in self._journals if key[0] == source]:
            self._close(key, "end")
        for key in [key for key in self._early if key[0] == source]:
            del self._early[key]
        self._publishers.pop(source, None)

    def _publisher(self, source: ParticipantId) -> PublisherClock:
        return self._publishers.setdefault(source, PublisherClock())

    def _guarded(self, track: TrackWriter, act: Callable[[], None]) -> None:
        """Let content that the muxer refuses cost its sender's file only; a disk that refuses is raised."""
        try:
            act()
        except (av.FFmpegError, ValueError) as failure:
            self.content_faults += 1
            if self.content_faults == 1:
                log.warning("recorder refused content", participant_id=track.source, exc_info=failure)
            track.abandon()

    def _close(self, key: Stream, reason: Reason) -> None:
        """Close a stream's segment and its file."""
        if (journal := self._journals.pop(key, None)) is not None:
            try:
                journal.close(reason)
            except OSError as failure:
                self._note_fault(failure)
        if (track := self._tracks.pop(key, None)) is not None:
            self._finish(track)

    def _close_all(self, reason: Reason) -> None:
        for key in list(self._journals):
            self._close(key, reason)

    def _finish(self, track: TrackWriter) -> None:
        try:
            self._guarded(track, track.finish)
        except OSError as failure:
            track.abandon()
            self._note_fault(failure)

    def _fail(self, failure: BaseException) -> None:
        self._note_fault(failure)
        for journal in self._journals.values():
            journal.abandon()
        for track in self._tracks.values():
            track.abandon()

    def _note_fault(self, failure: BaseException) -> None:
        if self.fault is None:
            log.error("recorder fault", reason=reason_of(failure), exc_info=failure)
        self.fault = reason_of(failure)
        self._retried_ns = time.monotonic_ns()

    def _may_go_on(self, now_ns: int) -> bool:
        if now_ns - self._retried_ns < _RETRY_EVERY_NS and not self._stopping.is_set():
            return False
        self._retried_ns = now_ns
        limits = self._world.limits
        readiness = prove_writable(self._world.folder, limits.sound_bytes, limits.reserve_bytes)
        self.fault = None if readiness.ready else readiness.reason
        return readiness.ready
