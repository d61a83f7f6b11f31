"""Puts a hearing's manifest together from its sidecars, its files and what is known of the hearing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.recording import Film, FilmState, Manifest, Seat, TrackEntry
from media.record.folders import FILM
from media.record.hearing_facts import hearing_facts
from media.record.inventory import FileFacts, media_duration_s
from media.record.log_file import LOG
from media.record.sidecar import Sidecar, read_all_sidecars

_DEAD_AFTER = timedelta(seconds=15)


def alive(sidecar: Sidecar, now: datetime) -> bool:
    """True while a writer seems to hold the track open: it refreshes its sidecar every 5 s."""
    return not sidecar.closed and now - sidecar.alive_at < _DEAD_AFTER


def build_manifest(
    folder: Path, hearing: Hearing, film: Film, now: datetime, files: Mapping[str, FileFacts] | None
) -> Manifest:
    """The manifest as the disk stands; sealed when the hearing is over and `files` measures every track.

    A film that is not made yet is told of later, in `film.json`.
    """
    facts, known = hearing_facts(hearing), files or {}
    seats = {seat.participant_id: seat for seat in facts.seats}
    tracks = [
        _entry(folder, sidecar, seats[sidecar.participant_id], hearing, now, known.get(sidecar.file))
        for sidecar in read_all_sidecars(folder)
        if sidecar.participant_id in seats
    ]
    tracks.sort(key=lambda track: (track.started_at, track.track_id))
    measured = all(track.sha256 is not None for track in tracks)
    return Manifest(
        hearing_id=hearing.id,
        case_number=hearing.case_number,
        cause=hearing.cause,
        sealed=hearing.is_over and measured and files is not None,
        log=LOG if (folder / LOG).exists() else None,
        opened_at=hearing.opened_at,
        ended_at=hearing.ended_at,
        seats=facts.seats,
        spans=facts.spans,
        gaps=facts.gaps,
        tracks=tuple(tracks),
        film=_measured_film(film, known.get(FILM)),
    )


def _entry(
    folder: Path, sidecar: Sidecar, seat: Seat, hearing: Hearing, now: datetime, measured: FileFacts | None
) -> TrackEntry:
    path = folder / sidecar.file
    stat = path.stat()
    torn = not sidecar.closed and (hearing.is_over or not alive(sidecar, now))
    duration_s = sidecar.duration_s
    if measured is not None:
        duration_s = measured.duration_s
    elif torn:
        duration_s = _probed_duration_s(path, stat.st_size)
    return TrackEntry(
        track_id=sidecar.track_id,
        participant_id=sidecar.participant_id,
        role=seat.role,
        name=seat.name,
        kind=sidecar.kind,
        codec=sidecar.codec,
        file=sidecar.file,
        started_at=sidecar.started_at,
        duration_s=round(duration_s, 3),
        bytes=measured.bytes if measured else stat.st_size,
        torn=torn,
        recovered=sidecar.recovered,
        sha256=measured.sha256 if measured else None,
        chunks=measured.chunks if measured else (),
    )


@lru_cache(maxsize=512)
def _probed_duration_s(path: Path, size: int) -> float:  # the size makes a grown file a new question
    return media_duration_s(path)


def _measured_film(film: Film, measured: FileFacts | None) -> Film:
    if film.state is not FilmState.READY or measured is None:
        return film
    return film.model_copy(
        update={
            "bytes": measured.bytes,
            "duration_s": round(measured.duration_s, 3),
            "sha256": measured.sha256,
            "chunks": measured.chunks,
        }
    )
