"""`film.json`: what the court signed about the film, after the seal."""

import hashlib
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from cloudcourt.domain.evidence import Seal, canonical, seal_message
from cloudcourt.domain.film_statement import Chapter, FilmPart, FilmStatement, SignedFilm, film_message
from media.record.court_key import CourtKey
from media.record.folders import FILM, write_atomically
from media.record.inventory import FileFacts
from media.record.tombstone_file import destroyed_files

FILM_FILE = "film.json"


def read_film(folder: Path) -> FilmStatement | None:
    """What was signed, if it is there and can be read, and its film stands beside it or was destroyed by rule."""
    try:
        signed = SignedFilm.model_validate_json((folder / FILM_FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    statement = signed.statement
    is_there = statement.file is None or (folder / statement.file).is_file() or FILM in destroyed_files(folder)
    return statement if is_there else None


def film_statement(
    seal: Seal, made_at: datetime, measured: FileFacts | None, chapters: tuple[Chapter, ...]
) -> FilmStatement:
    """What is to be signed of a film; None of it could be made without `measured`."""
    sealed = seal.statement
    unmade = FilmStatement(
        hearing=sealed.hearing,
        seal=hashlib.sha256(seal_message(sealed)).hexdigest(),
        made_at=made_at,
        state="failed",
        court_key=sealed.court_key,
    )
    if measured is None:
        return unmade
    parts = tuple(
        FilmPart(from_ms=round(chunk.from_s * 1000), offset=chunk.offset, length=chunk.length, sha256=chunk.sha256)
        for chunk in measured.chunks
    )
    return unmade.model_copy(
        update={
            "state": "ready",
            "file": FILM,
            "bytes": measured.bytes,
            "duration_ms": round(measured.duration_s * 1000),
            "sha256": measured.sha256,
            "chunks": parts,
            "chapters": chapters,
        }
    )


def sign_film(folder: Path, statement: FilmStatement, court_key: CourtKey) -> None:
    """Raises OSError."""
    signed = SignedFilm(statement=statement, court_signature=court_key.sign(film_message(statement)))
    write_atomically(folder / FILM_FILE, canonical(signed.model_dump(mode="json")) + b"\n")
