"""The program: the film of a hearing in pieces, as they are finished while it runs."""

from datetime import datetime
from pathlib import PurePath
from typing import Literal, Protocol

from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.value import Value


class ProgramChunk(Value):
    """One finished piece: a stretch of the record, or the title card of a gap. Numbers count from 1.

    `film_ms` is its place in the film; `began_at` and `ended_at` are the wall time that it shows.
    """

    number: int
    kind: Literal["take", "card"]
    began_at: datetime
    ended_at: datetime
    film_ms: int
    duration_ms: int
    bytes: int
    sha256: str


class ProgramIndex(Value):
    """All that is finished, in order; `codecs` as in RFC 6381. A number may be given anew after a fault."""

    codecs: str
    width: int
    height: int
    chunks: tuple[ProgramChunk, ...] = ()


class Program(Protocol):
    """The program stream of running hearings: the film in pieces, some seconds behind. Called from any thread."""

    def index(self, hearing_id: HearingId) -> ProgramIndex | None:
        """What is finished so far; None where there is no program stream."""
        ...

    def init(self, hearing_id: HearingId) -> PurePath | None:
        """What a player needs before any chunk."""
        ...

    def chunk(self, hearing_id: HearingId, number: int) -> PurePath | None:
        """One chunk's file; None when there is no such chunk, or not any more."""
        ...
