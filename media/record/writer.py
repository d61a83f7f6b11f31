"""The writer thread: drains the ring of packets, writes the tracks, syncs them, and publishes facts."""

import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import av
import structlog

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.routing import MediaKind
from media.engine.incoming import Tapped
from media.record.packets import parse_rtp
from media.record.proof import prove_writable, reason_of
from media.record.track_writer import TrackWriter
from media.record.wall import PublisherClock, WallAnchor

log = structlog.get_logger()

_TURN_S = 0.05
_SYNC_EVERY_NS = 400_000_000
_RETRY_EVERY_NS = 1_000_000_000
_RECENT_NS = 5_000_000_000
FLOWS_WITHIN_NS = 2_000_000_000
"""A longer pause between packets ends a flow."""


class ReportTaken(NamedTuple):
    source: ParticipantId
    kind: MediaKind
    ntp: int
    rtp_timestamp: int
    arrived_ns: int


class SourceEnded(NamedTuple):
    source: ParticipantId


Taking = Tapped | ReportTaken | SourceEnded


class SyncedBytes:
    """How much of the record is on the disk. Written by the writer thread, read by anyone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._total = 0
        self._recent: deque[tuple[int, int]] = deque()
        self.last_sync_ns = 0
        """`time.monotonic_ns()` at the newest sync that brought bytes to the disk; 0 before the first."""

    def add(self, count: int) -> None:
        if count <= 0:
            return
        now_ns = time.monotonic_ns()
        with self._lock:
            self._total += count
            self._recent.append((now_ns, count))
            self._forget_old(now_ns)
            self.last_sync_ns = now_ns

    def start_from(self, count: int) -> None:
        """Count what earlier recorders of the hearing left on the disk, if nothing was counted yet."""
        with self._lock:
            self._total = self._total or count

    def read(self) -> tuple[int, int]:
        """Bytes in all, and bytes in the last 5 s."""
        with self._lock:
            self._forget_old(time.monotonic_ns())
            return self._total, sum(count for _, count in self._recent)

    def _forget_old(self, now_ns: int) -> None:
        while self._recent and now_ns - self._recent[0][0] > _RECENT_NS:
            self._recent.popleft()


class RecordWriter:
    """Runs from one start of the recording to its stop. `fault` is the reason while the disk refuses."""

    def __init__(
        self,
        folder: Path,
        anchor: WallAnchor,
        ring: deque[Taking],
        synced: SyncedBytes,
        want_key_frame: Callable[[ParticipantId], None],
        min_free_bytes: int,
    ) -> None:
        self.fault: str | None = None
        self.content_faults = 0
        self.flow_began_ns = 0
        self.newest_ns = 0
        """When the flow of packets began, and when the newest taken one arrived (monotonic)."""
        self._folder = folder
        self._anchor = anchor
        self._ring = ring
        self._synced = synced
        self._want_key_frame = want_key_frame
        self._min_free_bytes = min_free_bytes
        self._tracks: dict[tuple[ParticipantId, MediaKind], TrackWriter] = {}
        self._publishers: dict[ParticipantId, PublisherClock] = {}
        self._early: dict[tuple[ParticipantId, MediaKind], ReportTaken] = {}
        """Reports that came before their stream's first packet."""
        self._synced_ns = 0
        self._retried_ns = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self, deadline_s: float) -> bool:
        """Write what is left, close the files, end the thread. False when the disk held it up too long."""
        self._stopping.set()
        self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        stopping = False
        while not stopping:
            stopping = self._stopping.wait(_TURN_S)
            try:
                self._turn(time.monotonic_ns())
            except Exception as failure:  # noqa: BLE001 - whatever it is, the record must go on
                self._fail(failure)
        for track in self._tracks.values():
            self._finish(track)
        self._tracks.clear()

    def _turn(self, now_ns: int) -> None:
        if self.fault is not None and not self._may_go_on(now_ns):
            return
        while self._ring:
            self._carry_out(self._ring.popleft())
        for track in self._tracks.values():
            self._guarded(track, partial(track.tick, now_ns))
        if now_ns - self._synced_ns >= _SYNC_EVERY_NS:
            self._synced_ns = now_ns
            for track in self._tracks.values():
                track.sync()

    def _carry_out(self, taking: Taking) -> None:
        match taking:
            case Tapped():
                self._packet(taking)
            case ReportTaken():
                self._report(taking)
            case SourceEnded():
                self._end_source(taking.source)

    def _packet(self, taking: Tapped) -> None:
        if taking.arrived_ns - self.newest_ns > FLOWS_WITHIN_NS:
            self.flow_began_ns = taking.arrived_ns
        self.newest_ns = taking.arrived_ns
        packet = parse_rtp(taking.packet)
        if packet is None:
            return
        source, kind, codec = taking.label
        track = self._tracks.get((source, kind))
        if track is None or track.ssrc != packet.ssrc or track.codec != codec:
            track = self._new_track(taking, packet.ssrc)
        self._guarded(track, lambda: track.take(packet, taking.arrived_ns))
        if (early := self._early.pop((source, kind), None)) is not None:
            self._report(early)
        if track.has_jumped:
            anew = self._new_track(taking, packet.ssrc)
            self._guarded(anew, lambda: anew.take(packet, taking.arrived_ns))

    def _new_track(self, taking: Tapped, ssrc: int) -> TrackWriter:
        source, kind, codec = taking.label
        if (old := self._tracks.pop((source, kind), None)) is not None:
            self._finish(old)
        self._publisher(source).forget(kind)
        track = TrackWriter(
            self._folder,
            source,
            kind,
            codec,
            ssrc,
            self._anchor,
            on_synced=self._synced.add,
            wants_key_frame=lambda: self._want_key_frame(source),
        )
        self._tracks[source, kind] = track
        return track

    def _report(self, taking: ReportTaken) -> None:
        track = self._tracks.get((taking.source, taking.kind))
        if taking.ntp == 0:
            return
        if track is None:
            self._early[taking.source, taking.kind] = taking
            return
        if not track.clock.knows(taking.rtp_timestamp):
            return
        publisher = self._publisher(taking.source)
        arrived_wall_ns = self._anchor.wall_ns(taking.arrived_ns)
        publisher.report(taking.kind, taking.ntp, taking.rtp_timestamp, arrived_wall_ns)
        for kind, (rtp_timestamp, captured_wall_ns) in publisher.captured().items():
            if (either := self._tracks.get((taking.source, kind))) is not None:
                either.clock.report(rtp_timestamp, captured_wall_ns)

    def _end_source(self, source: ParticipantId) -> None:
        for key in [key for key in self._tracks if key[0] == source]:
            self._finish(self._tracks.pop(key))
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

    def _finish(self, track: TrackWriter) -> None:
        try:
            self._guarded(track, track.finish)
        except OSError as failure:
            track.abandon()
            self._note_fault(failure)

    def _fail(self, failure: BaseException) -> None:
        self._note_fault(failure)
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
        readiness = prove_writable(self._folder, self._min_free_bytes)
        self.fault = None if readiness.ready else readiness.reason
        return readiness.ready
