"""What a copy with holes is made from, and which stretches of the file are to be holes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from cloudcourt.domain.film_time import film_second, film_sections
from cloudcourt.domain.record_orders import SealedSpan
from cloudcourt.domain.recording import Manifest, TrackEntry
from cloudcourt.domain.value import Value
from media.record.folders import FILM

TRACK_MARGIN_S = 1.0
"""A track's clock is its owner's: over hours it strays from the court's, and a hole must not begin late."""


class Hole(Value):
    """A stretch of a file, in its own seconds, that is replaced; and the sealed time, as it is told."""

    from_s: float
    to_s: float
    began_at: datetime
    ended_at: datetime


class HoleOrder(Value):
    """One copy to make: `source` without what lies in the holes."""

    source: Path
    """Of the record; it is not touched."""
    out: Path
    kind: Literal["film", "track"]
    case_number: str
    holes: tuple[Hole, ...]


def touching(holes: Sequence[Hole], from_s: float, to_s: float) -> Hole | None:
    """The hole that a stretch of the file reaches into."""
    return next((hole for hole in holes if from_s < hole.to_s and hole.from_s < to_s), None)


def holes_in(manifest: Manifest, name: str, spans: Sequence[SealedSpan]) -> tuple[Hole, ...] | None:
    """The holes of one file by its name; None where the record doesn't say when the file begins."""
    if name == FILM:
        return _in_film(manifest, spans)
    track = next((track for track in manifest.tracks if track.file == name), None)
    return None if track is None else _in_track(track, spans)


def _in_film(manifest: Manifest, spans: Sequence[SealedSpan]) -> tuple[Hole, ...] | None:
    if manifest.ended_at is None:
        return None
    sections = film_sections(manifest.spans, manifest.gaps, manifest.ended_at)
    if not sections:
        return None
    return tuple(
        Hole(from_s=from_s, to_s=to_s, began_at=span.began_at, ended_at=span.ended_at)
        for span in spans
        for from_s, to_s in [(film_second(sections, span.began_at) or 0.0, film_second(sections, span.ended_at) or 0.0)]
        if from_s < to_s
    )


def _in_track(track: TrackEntry, spans: Sequence[SealedSpan]) -> tuple[Hole, ...]:
    margin = timedelta(seconds=TRACK_MARGIN_S)
    ends_at = track.started_at + timedelta(seconds=track.duration_s)
    return tuple(
        Hole(
            from_s=(span.began_at - margin - track.started_at).total_seconds(),
            to_s=(span.ended_at + margin - track.started_at).total_seconds(),
            began_at=span.began_at,
            ended_at=span.ended_at,
        )
        for span in spans
        if span.is_of(track.participant_id) and span.touches(track.started_at - margin, ends_at + margin)
    )
