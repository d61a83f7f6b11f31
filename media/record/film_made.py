"""`film/made.json`: how long the finished film is, and what a viewer may go to in it."""

from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from cloudcourt.domain.film_statement import Chapter
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.value import Value
from media.record.folders import FILM, PROGRAM, write_atomically

MADE = "made.json"


class FilmMade(Value):
    """Written once `composite.mp4` is whole."""

    format: Literal["cloudcourt-film-made/1"] = "cloudcourt-film-made/1"
    hearing: HearingId
    bytes: int
    duration_ms: int
    chapters: tuple[Chapter, ...]


def read_made(folder: Path) -> FilmMade | None:
    """What was made; None unless it is there, and the film beside it."""
    try:
        made = FilmMade.model_validate_json((folder / PROGRAM / MADE).read_bytes())
        return made if (folder / FILM).stat().st_size == made.bytes else None
    except (OSError, ValidationError):
        return None


def write_made(folder: Path, made: FilmMade) -> None:
    """Raises OSError."""
    write_atomically(folder / PROGRAM / MADE, made.model_dump_json(indent=1).encode() + b"\n")
