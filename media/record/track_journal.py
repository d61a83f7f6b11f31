"""One person's sound or picture in the journal: segments of 10 s, numbered through the whole hearing."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from cloudcourt.domain.ids import HearingId, ParticipantId, TrackId
from cloudcourt.domain.recording import SegmentClosed
from cloudcourt.domain.routing import LineKind, recorded_as
from media.record.depacketise import Codec
from media.record.folders import JOURNAL, journal_numbers
from media.record.journal import (
    LONGEST_PAYLOAD,
    EntryKind,
    Reason,
    SegmentEnd,
    SegmentHead,
    loss_payload,
    report_payload,
)
from media.record.missing import Missing
from media.record.segment_file import SegmentFile
from media.record.wall import WallAnchor, as_datetime

SEGMENT_NS = 10_000_000_000


class TrackJournal:
    """Writes what arrives, as it arrives. All methods belong to the writer thread; those that write raise OSError.

    `on_closed` is told of every segment that is closed and synced.
    """

    def __init__(
        self,
        folder: Path,
        hearing_id: HearingId,
        source: ParticipantId,
        kind: LineKind,
        anchor: WallAnchor,
        on_synced: Callable[[int], None],
        on_closed: Callable[[SegmentClosed], None],
    ) -> None:
        self.source, self.kind = source, kind
        self._folder, self._hearing_id = folder, hearing_id
        self._anchor = anchor
        self._on_synced, self._on_closed = on_synced, on_closed
        self._track_id = TrackId(f"{source}-{kind}")
        self._file: SegmentFile | None = None
        self._head: SegmentHead | None = None
        self._missing = Missing()
        self._lost = 0
        self._began_ns = self._ended_ns = 0
        self._continues = False
        self._stream: tuple[Codec, int] | None = None
        self._early_report: tuple[int, bytes] | None = None

    @property
    def number(self) -> int | None:
        """The open segment's."""
        return None if self._head is None else self._head.number

    def packet(self, codec: Codec, ssrc: int, sequence: int, content: bytes, arrived_ns: int) -> None:
        """Keep one whole RTP packet. One that no network carries (above 65 535 bytes) is left out."""
        if len(content) > LONGEST_PAYLOAD:
            return
        if self._stream != (codec, ssrc):
            self.close("gap")
            self._stream = (codec, ssrc)
        elif self._file is not None and arrived_ns - self._began_ns >= SEGMENT_NS:
            self.close("time")
        file = self._file or self._open(codec, ssrc, arrived_ns)
        self._note_lost(self._missing.arrived(sequence, arrived_ns), arrived_ns)
        file.add(EntryKind.PACKET, arrived_ns, content)
        self._ended_ns = max(self._ended_ns, arrived_ns)

    def report(self, ntp: int, rtp_timestamp: int, arrived_ns: int) -> None:
        """Keep a sender report; one that comes before its stream's first packet waits for it."""
        content = report_payload(ntp, rtp_timestamp)
        if self._file is None:
            self._early_report = (arrived_ns, content)
        else:
            self._file.add(EntryKind.REPORT, arrived_ns, content)

    def tick(self, now_ns: int) -> None:
        """Hand what came to the operating system, name what was awaited in vain, and close what has lasted 10 s."""
        if self._file is None:
            return
        self._note_lost(self._missing.overdue(now_ns), now_ns)
        self._file.flush()
        if now_ns - self._began_ns >= SEGMENT_NS:
            self.close("time")

    def sync(self) -> None:
        """Bring the open segment's bytes to the disk."""
        if self._file is not None:
            self._on_synced(self._file.sync())

    def cut(self) -> None:
        """Close the open segment because a new phase begins: the stream goes on in the next one."""
        if self._file is not None:
            self._close("phase", goes_on=True)

    def close(self, reason: Reason) -> None:
        """Close the open segment, synced, and tell of it. Only one whose time was full is continued by the next."""
        self._close(reason, goes_on=reason == "time")

    def _close(self, reason: Reason, *, goes_on: bool) -> None:
        if not goes_on and self._file is not None:
            self._note_lost(self._missing.give_up(), self._ended_ns)
            self._missing = Missing()
        self._continues = goes_on and self._file is not None
        file, head, self._file, self._head = self._file, self._head, None, None
        if file is None or head is None:
            return
        try:
            file.flush()
            end = SegmentEnd(
                packets=file.packets, lost=self._lost, began_ns=self._began_ns, ended_ns=self._ended_ns, reason=reason
            )
            self._on_synced(file.close(end))
        finally:
            file.let_go()
        self._on_closed(self._closed(file, head, end))

    def abandon(self) -> None:
        """Close a segment that the disk refused; what stays torn is closed by the next start of the recorder."""
        with suppress(OSError):
            self.close("gap")

    def _open(self, codec: Codec, ssrc: int, arrived_ns: int) -> SegmentFile:
        folder = self._folder / JOURNAL / self._track_id
        folder.mkdir(parents=True, exist_ok=True)
        number = max(journal_numbers(folder), default=0) + 1
        head = SegmentHead(
            hearing_id=self._hearing_id,
            track_id=self._track_id,
            participant_id=self.source,
            kind=recorded_as(self.kind),
            codec=codec,
            ssrc=ssrc,
            number=number,
            continues=self._continues,
            wall_anchor_ns=self._anchor.wall_ns(0),
        )
        start = as_datetime(self._anchor.wall_ns(arrived_ns))
        file = SegmentFile(folder / f"{number:06}_{start:%Y%m%dT%H%M%SZ}.cj", head, arrived_ns)
        self._file, self._head = file, head
        self._began_ns = self._ended_ns = arrived_ns
        self._lost = 0
        if self._early_report is not None:
            file.add(EntryKind.REPORT, *self._early_report)
            self._early_report = None
        return file

    def _note_lost(self, runs: Iterable[tuple[int, int]], at_ns: int) -> None:
        for first, count in runs:
            if self._file is not None:
                self._file.add(EntryKind.LOSS, at_ns, loss_payload(first, count))
                self._lost += count

    def _closed(self, file: SegmentFile, head: SegmentHead, end: SegmentEnd) -> SegmentClosed:
        name = file.path.relative_to(self._folder).as_posix()
        return closed_segment(head, end, name, file.written, file.sha256)


def closed_segment(head: SegmentHead, end: SegmentEnd, file: str, size: int, sha256: str) -> SegmentClosed:
    """What is told of a closed segment; `file` is its path below the hearing's folder, `size` in bytes."""
    return SegmentClosed(
        track_id=head.track_id,
        participant_id=head.participant_id,
        kind=head.kind,
        codec=head.codec,
        number=head.number,
        file=file,
        began_at=as_datetime(head.wall_anchor_ns + end.began_ns),
        ended_at=as_datetime(head.wall_anchor_ns + end.ended_ns),
        bytes=size,
        sha256=sha256,
        packets=end.packets,
        lost=end.lost,
        reason=end.reason,
    )
