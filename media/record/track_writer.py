"""One person's sound or picture on its way to files: order, samples, clock, and a file per contiguous stretch."""

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from cloudcourt.domain.ids import ParticipantId, TrackId
from cloudcourt.domain.routing import LineKind, recorded_as
from media.record.depacketise import Codec, Sample, depacketiser
from media.record.folders import TRACKS
from media.record.packets import RtpPacket
from media.record.reorder import Reorder
from media.record.sidecar import Sidecar, sidecar_path, write_sidecar
from media.record.track_file import TrackFile
from media.record.wall import StreamClock, WallAnchor, as_datetime

_ALIVE_EVERY_NS = 5_000_000_000
_KEY_FRAME_AFTER_NS = 1_000_000_000
"""A packet that has not come by then hardly will; the next key frame should not wait until it is given up."""
_FILES_IN_A_ROW = 10
_FILES_WITHIN_NS = 10_000_000_000


class TrackWriter:
    """Writes one stream (one SSRC in one codec) of one source. A restarted stream is a new TrackWriter.

    All methods belong to the writer thread. Those that write may raise what TrackFile raises; then call
    `abandon`. A sender whose picture changes size all the time gets at most 10 files in 10 s.
    """

    def __init__(
        self,
        folder: Path,
        source: ParticipantId,
        kind: LineKind,
        codec: Codec,
        ssrc: int,
        anchor: WallAnchor,
        wants_key_frame: Callable[[], None],
        journal_number: Callable[[], int | None],
    ) -> None:
        self.source = source
        self.kind = kind
        self.codec: Codec = codec
        self.ssrc = ssrc
        self.clock = StreamClock(recorded_as(kind))
        self._wants_key_frame = wants_key_frame
        self._journal_number = journal_number
        self._folder = folder
        self._anchor = anchor
        self._reorder = Reorder()
        self._depacketiser = depacketiser(codec)
        self._file: TrackFile | None = None
        self._sidecar: Sidecar | None = None
        self._started_wall_ns = 0
        self._noted_ns = 0
        self._opened_ns: deque[int] = deque(maxlen=_FILES_IN_A_ROW)

    @property
    def has_jumped(self) -> bool:
        """True when the stream's timestamps left real time: it must be started anew."""
        return self.clock.has_jumped

    @property
    def unsynced(self) -> int:
        return self._file.unsynced if self._file else 0

    def take(self, packet: RtpPacket, arrived_ns: int) -> None:
        """Take one packet of this stream."""
        self.clock.arrive(packet.timestamp, self._anchor.wall_ns(arrived_ns))
        if self.clock.has_jumped:
            return
        for ready, _, follows_hole in self._reorder.push(packet, arrived_ns):
            self._feed(ready, follows_hole)

    def tick(self, now_ns: int) -> None:
        """Give up on packets that were waited for long enough, and refresh what is noted beside the file."""
        for ready, _, follows_hole in self._reorder.pop(now_ns):
            self._feed(ready, follows_hole)
        if self.kind != "audio" and self._reorder.waits_ns(now_ns) > _KEY_FRAME_AFTER_NS:
            self._wants_key_frame()
        if self._file is not None and now_ns - self._noted_ns > _ALIVE_EVERY_NS:
            self._note()

    def sync(self) -> None:
        """Bring the file's bytes to the disk."""
        if self._file is not None:
            self._file.sync()

    def finish(self) -> None:
        """Write what waits and close the file, synced."""
        for ready, _, follows_hole in self._reorder.flush():
            self._feed(ready, follows_hole)
        self._close_file()

    def abandon(self) -> None:
        """Let go of a file that can't be written; the next sample that can begin a file begins a new one."""
        if self._file is not None:
            self._file.abandon()
        self._file = None
        self._sidecar = None

    def _feed(self, packet: RtpPacket, follows_hole: bool) -> None:
        sample = self._depacketiser.feed(packet, follows_hole)
        if sample is not None and (self._file is not None or sample.is_key):
            self._write(sample)
        if self.kind != "audio" and (self._depacketiser.wants_key_frame or self._file is None):
            self._wants_key_frame()

    def _write(self, sample: Sample) -> None:
        if self._file is not None and sample.shape != self._file.shape:
            self._close_file()
        wall_ns = self.clock.wall_ns(sample.rtp_timestamp)
        if self._file is None:
            if self._opens_too_often():
                self._depacketiser.wants_key_frame = self.kind != "audio"
                return
            self._open_file(sample, wall_ns)
        elif moved_ns := self.clock.take_origin_moved_ns():
            self._started_wall_ns += moved_ns
            self._noted_ns = 0
        if self._file is not None:
            self._file.write(sample, round((wall_ns - self._started_wall_ns) / 1e6))

    def _opens_too_often(self) -> bool:
        now_ns = time.monotonic_ns()
        if len(self._opened_ns) == _FILES_IN_A_ROW and now_ns - self._opened_ns[0] < _FILES_WITHIN_NS:
            return True
        self._opened_ns.append(now_ns)
        return False

    def _open_file(self, first: Sample, wall_ns: int) -> None:
        track_id = self._free_track_id()
        self.clock.take_origin_moved_ns()
        self._started_wall_ns = wall_ns
        sidecar = Sidecar(
            track_id=TrackId(track_id),
            participant_id=self.source,
            kind=recorded_as(self.kind),
            codec=self.codec,
            file=f"{TRACKS}/{track_id}.{'mkv' if self.codec == 'h264' else 'webm'}",
            started_at=as_datetime(wall_ns),
            started_at_from=self._known(),
            alive_at=as_datetime(self._anchor.wall_ns(time.monotonic_ns())),
            journal_from=self._journal_number(),
            shows="screen" if self.kind == "screen" else "person",
        )
        # The description stands before the bytes do: no crash leaves a file that nobody can name.
        write_sidecar(self._folder, sidecar, durable=True)
        try:
            self._file = TrackFile(self._folder / sidecar.file, self.codec, first)
        except BaseException:
            sidecar_path(self._folder, sidecar.track_id).unlink(missing_ok=True)
            raise
        self._sidecar = sidecar
        self._noted_ns = 0

    def _close_file(self) -> None:
        if self._file is None:
            return
        self._file.close()
        self._note(closed=True)
        self._file = None
        self._sidecar = None

    def _note(self, *, closed: bool = False) -> None:
        if self._file is None or self._sidecar is None:
            return
        self._noted_ns = time.monotonic_ns()
        self._started_wall_ns += self.clock.take_origin_moved_ns()
        now = as_datetime(self._anchor.wall_ns(self._noted_ns))
        self._sidecar = self._sidecar.model_copy(
            update={
                "started_at": as_datetime(self._started_wall_ns),
                "started_at_from": self._known(),
                "width": self._file.size[0] if self._file.size else None,
                "height": self._file.size[1] if self._file.size else None,
                "duration_s": self._file.duration_ms / 1000,
                "last_sync_at": now,
                "alive_at": now,
                "closed": closed,
            }
        )
        write_sidecar(self._folder, self._sidecar, durable=closed)

    def _known(self) -> Literal["arrival", "sender_report"]:
        return "sender_report" if self.clock.known == "sender_report" else "arrival"

    def _free_track_id(self) -> str:
        stem = f"{self.source}-{self.kind}-"
        taken = {path.stem for path in (self._folder / TRACKS).glob(f"{stem}*")}
        number = 1
        while f"{stem}{number}" in taken:
            number += 1
        return f"{stem}{number}"
