"""Makes playable tracks again from the journal: whole ones beside those that a crash tore.

`python -m media.record.rebuild FOLDER` does so in a process of its own, niced: first torn segments of the journal are
closed, then torn tracks made anew. It prints `{"segments": [SegmentClosed], "tracks": [track_id]}`.
"""

import heapq
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import av

from cloudcourt.domain.ids import ParticipantId, TrackId
from cloudcourt.domain.routing import LineKind
from cloudcourt.observability.clock import SystemClock
from media.record.catalogue import alive
from media.record.folders import JOURNAL, SEGMENT_FILE, TRACKS, journal_segments, sync_folder
from media.record.journal import Entry, EntryKind, SegmentHead, read_journal, read_report
from media.record.packets import parse_rtp
from media.record.salvage import close_torn_segments, recovered_path, sweep_journal
from media.record.sidecar import Sidecar, read_sidecars, write_sidecar
from media.record.track_writer import TrackWriter
from media.record.wall import PublisherClock, WallAnchor

_OVERLAP = timedelta(seconds=15)
_OTHER: dict[LineKind, LineKind] = {"audio": "video", "video": "audio", "screen": "audio"}
_START = re.compile(r"_(\d{8}T\d{6}Z)")


class Arrived(NamedTuple):
    """An entry of the journal, and whose it is."""

    wall_ns: int
    head: SegmentHead
    entry: Entry


def rebuild_torn_tracks(folder: Path, now: datetime) -> tuple[Sidecar, ...]:
    """Make a whole track of every torn one that has a journal and that no writer holds. Raises OSError.

    The torn file stays; its description names the one made in its place.
    """
    made = []
    for torn in read_sidecars(folder):
        if torn.closed or torn.recovered or alive(torn, now):
            continue
        if (whole := rebuild_track(folder, torn)) is not None:
            write_sidecar(folder, torn.model_copy(update={"recovered_as": whole.track_id}), durable=True)
            made.append(whole)
    return tuple(made)


def rebuild_track(folder: Path, old: Sidecar) -> Sidecar | None:
    """Make `{track_id}-recovered` from the journal; None where the journal holds nothing of it. Raises OSError."""
    stretch = list(_stretch(folder, old))
    if not stretch:
        return None
    with tempfile.TemporaryDirectory(prefix=".rebuild-", dir=folder) as name:
        workshop = Path(name)
        (workshop / TRACKS).mkdir()
        _write(workshop, stretch, _reports_of_other_kind(folder, old, stretch))
        made = read_sidecars(workshop)
        if not made:
            return None
        # A stretch may hold several files, one per size of the picture.
        best = min(made, key=lambda track: abs(track.started_at - old.started_at))
        track_id = TrackId(f"{old.track_id}-recovered")
        file = f"{TRACKS}/{track_id}{Path(best.file).suffix}"
        whole = best.model_copy(
            update={"track_id": track_id, "file": file, "journal_from": old.journal_from, "recovered": True}
        )
        (workshop / best.file).rename(folder / file)
    write_sidecar(folder, whole, durable=True)
    sync_folder(folder / TRACKS)
    return whole


def _stretch(folder: Path, old: Sidecar) -> Iterator[Path]:
    """The segments of the unbroken stream that the track belongs to, from where the track began."""
    if old.journal_from is None:
        return
    numbered = {_number(path): path for path in _segments(folder, old.participant_id, old.line)}
    number = old.journal_from
    head = _head(numbered.get(number))
    if head is not None and head.continues and number - 1 in numbered:
        number -= 1  # its first packets may have come a moment earlier
    first = head = _head(numbered.get(number))
    while head is not None and first is not None and head.ssrc == first.ssrc and (head.continues or head is first):
        yield numbered[number]
        number += 1
        head = _head(numbered.get(number))


def _segments(folder: Path, participant_id: ParticipantId, kind: LineKind) -> Iterator[Path]:
    """One track's segments in order; of a torn one the whole copy, if there is one."""
    track = folder / JOURNAL / f"{participant_id}-{kind}"
    for path in journal_segments(folder):
        if path.parent == track:
            copy = recovered_path(path)
            yield copy if copy.exists() else path


def _number(segment: Path) -> int:
    name = SEGMENT_FILE.fullmatch(segment.name)
    return int(name[1]) if name is not None else 0


def _head(segment: Path | None) -> SegmentHead | None:
    return None if segment is None else read_journal(segment).head


def _reports_of_other_kind(folder: Path, old: Sidecar, stretch: list[Path]) -> list[Path]:
    """Segments of the same person's other track at that time: their reports set the common clock."""
    first, last = _began_at(stretch[0]) - _OVERLAP, _began_at(stretch[-1]) + _OVERLAP
    others = _segments(folder, old.participant_id, _OTHER[old.line])
    return [path for path in others if first <= _began_at(path) <= last]


def _began_at(segment: Path) -> datetime:
    found = _START.search(segment.name)
    return (
        datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if found else datetime.min.replace(tzinfo=UTC)
    )


def _arrived(segments: Iterable[Path]) -> Iterator[Arrived]:
    for path in segments:
        journal = read_journal(path)
        if journal.head is not None:
            for entry in journal.entries:
                yield Arrived(journal.head.wall_anchor_ns + entry.arrived_ns, journal.head, entry)


def _write(workshop: Path, stretch: list[Path], others: list[Path]) -> None:
    own = next(_arrived(stretch), None)
    if own is None:
        return
    head = own.head
    writer = TrackWriter(
        workshop,
        head.participant_id,
        head.line,
        head.codec,
        head.ssrc,
        WallAnchor(head.wall_anchor_ns),
        wants_key_frame=lambda: None,
        journal_number=lambda: None,
    )
    publisher = PublisherClock()
    entries = heapq.merge(_arrived(stretch), _arrived(others), key=lambda arrived: arrived.wall_ns)
    for arrived in entries:
        try:
            _feed(writer, publisher, arrived)
        except (av.FFmpegError, ValueError):
            writer.abandon()  # as the recorder did: content that no muxer takes
        if writer.has_jumped:
            break
    try:
        writer.finish()
    except (av.FFmpegError, ValueError):
        writer.abandon()


def _feed(writer: TrackWriter, publisher: PublisherClock, arrived: Arrived) -> None:
    entry, kind = arrived.entry, arrived.head.line
    if entry.kind is EntryKind.REPORT:
        ntp, rtp_timestamp = read_report(entry.payload)
        if ntp and (kind != writer.kind or writer.clock.knows(rtp_timestamp)):
            publisher.report(kind, ntp, rtp_timestamp, arrived.wall_ns)
            if (captured := publisher.captured().get(writer.kind)) is not None:
                writer.clock.report(*captured)
    elif entry.kind is EntryKind.PACKET and kind == writer.kind:
        packet = parse_rtp(entry.payload)
        if packet is not None:
            writer.take(packet, entry.arrived_ns)
            writer.tick(entry.arrived_ns)


def main() -> None:
    """Close and rebuild what is torn."""
    os.nice(10)
    folder = Path(sys.argv[1])
    sweep_journal(folder)
    segments = close_torn_segments(folder)
    tracks = rebuild_torn_tracks(folder, SystemClock().now())
    told = {
        "segments": [segment.model_dump(mode="json") for segment in segments],
        "tracks": [track.track_id for track in tracks],
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
