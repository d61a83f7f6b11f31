"""What the court signs about a film once it is made: the seal does not wait for it. Values and their message."""

from datetime import datetime
from typing import Final, Literal

from cloudcourt.domain.evidence import canonical
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.recording import Chunk, Film, FilmState
from cloudcourt.domain.value import Value

FILM_FORMAT: Final = "cloudcourt-film/1"


class FilmPart(Value):
    """A run of the film's bytes with its hash, and the millisecond at which it starts."""

    from_ms: int
    offset: int
    length: int
    sha256: str


class Chapter(Value):
    """A place in the film that has a name, in Chinese and English; it lasts until the next one."""

    film_ms: int
    title: str


class FilmStatement(Value):
    """Which file is the film of the record with this seal. A film that can't be made has no file: that is said too."""

    format: Literal["cloudcourt-film/1"] = FILM_FORMAT
    hearing: HearingId
    seal: str
    """SHA-256 of the seal's statement."""
    made_at: datetime
    state: Literal["ready", "failed"]
    file: str | None = None
    bytes: int = 0
    duration_ms: int = 0
    sha256: str | None = None
    chunks: tuple[FilmPart, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    court_key: str

    def film(self) -> Film:
        """The same as a manifest tells it."""
        return Film(
            state=FilmState(self.state),
            progress=1.0 if self.state == "ready" else 0.0,
            file=self.file,
            bytes=self.bytes,
            duration_s=self.duration_ms / 1000,
            sha256=self.sha256,
            chunks=tuple(
                Chunk(from_s=part.from_ms / 1000, offset=part.offset, length=part.length, sha256=part.sha256)
                for part in self.chunks
            ),
        )


class SignedFilm(Value):
    """`film.json`."""

    statement: FilmStatement
    court_signature: str
    """By the court's key over `film_message`."""


def film_message(statement: FilmStatement) -> bytes:
    """What the court's key signs about a film."""
    return canonical(statement.model_dump(mode="json"))
