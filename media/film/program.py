"""The program stream's folder: the film's finished chunks and their index, as `docs/architecture.md` describes them."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from cloudcourt.domain.hearing import GapReason
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.value import Value
from media.film.coding import film_head
from media.film.layout import HEIGHT, WIDTH
from media.film.stage import StageMemory
from media.film.timeline import FPS, FRAME_NS, Card, Section
from media.record.folders import PROGRAM, sync_folder, write_atomically
from media.record.wall import as_datetime

INDEX, INIT, LOCK = "film.jsonl", "init.mp4", ".lock"
_LOCK_POLL_S = 0.25
FRAME_MS = 1000 // FPS


class ProgramHead(Value):
    """The first line of the index."""

    format: Literal["cloudcourt-program/1"] = "cloudcourt-program/1"
    hearing: HearingId
    codecs: str
    width: int = WIDTH
    height: int = HEIGHT
    init_sha256: str


class ChunkLine(Value):
    """A finished chunk. The last two are the maker's own: with them it goes on behind this chunk."""

    number: int
    kind: Literal["take", "card"]
    reason: GapReason | None
    began_at: datetime
    ended_at: datetime
    film_ms: int
    duration_ms: int
    bytes: int
    sha256: str
    seats: tuple[ParticipantId, ...]
    made_at: datetime
    next_packet: int
    memory: StageMemory

    @property
    def ends_ms(self) -> int:
        """Where the next chunk begins in the film."""
        return self.film_ms + self.duration_ms

    def is_of(self, section: Section) -> bool:
        """True when this is what the film has to show there."""
        return (self.kind, self.reason, self.began_at, self.ended_at, self.duration_ms) == what_is_told(section)


def what_is_told(section: Section) -> tuple[Literal["take", "card"], GapReason | None, datetime, datetime, int]:
    """(kind, reason, began_at, ended_at, duration in ms) of a part of the film."""
    if isinstance(section, Card):
        return "card", section.gap.reason, section.gap.began_at, section.ended_at, section.frames * FRAME_MS
    ended_at = as_datetime(section.began_ns + section.frames * FRAME_NS)
    return "take", None, as_datetime(section.began_ns), ended_at, section.frames * FRAME_MS


def chunk_name(number: int) -> str:
    """A chunk's file in the program's folder."""
    return f"chunk-{number:06}.m4s"


@contextmanager
def locked(folder: Path, pause: Callable[[float], None]) -> Iterator[None]:
    """Wait until no other process makes this hearing's film. Raises OSError, and whatever `pause` raises."""
    (folder / PROGRAM).mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / PROGRAM / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                pause(_LOCK_POLL_S)
        yield
    finally:
        os.close(handle)


class Program:
    """The chunks of one hearing. The lock must be held. Methods that write raise OSError."""

    def __init__(self, folder: Path, hearing: HearingId) -> None:
        self._folder = folder / PROGRAM
        head = film_head()
        self._head = ProgramHead(
            hearing=hearing, codecs=head.codecs, init_sha256=hashlib.sha256(head.content).hexdigest()
        )
        for leftover in self._folder.glob(".*.tmp"):
            leftover.unlink(missing_ok=True)
        self.lines, is_whole = self._read()
        if not is_whole:
            write_atomically(self._folder / INIT, head.content)
            self.cut(len(self.lines))

    def add(self, line: ChunkLine, content: bytes) -> None:
        """Put a chunk behind the others: its file first, then its line."""
        write_atomically(self._folder / chunk_name(line.number), content)
        with (self._folder / INDEX).open("ab") as index:
            index.write(line.model_dump_json().encode() + b"\n")
            index.flush()
            os.fsync(index.fileno())
        self.lines.append(line)

    def cut(self, count: int) -> None:
        """Keep the first `count` chunks only."""
        del self.lines[count:]
        whole = "".join(f"{value.model_dump_json()}\n" for value in (self._head, *self.lines))
        write_atomically(self._folder / INDEX, whole.encode())
        for path in self._folder.glob("chunk-*.m4s"):
            if path.name > chunk_name(count):
                path.unlink(missing_ok=True)

    def chunk(self, number: int) -> bytes:
        """Raises OSError."""
        return (self._folder / chunk_name(number)).read_bytes()

    def clear(self) -> None:
        """Take everything away: the film is whole."""
        for path in (self._folder / INDEX, *self._folder.glob("chunk-*.m4s"), self._folder / INIT):
            path.unlink(missing_ok=True)
        sync_folder(self._folder)

    def _read(self) -> tuple[list[ChunkLine], bool]:
        """The lines that can be relied on, and whether these are all that stands in the index."""
        try:
            head, *told = (self._folder / INDEX).read_bytes().split(b"\n")
            if ProgramHead.model_validate_json(head) != self._head or not (self._folder / INIT).is_file():
                return [], False
        except (OSError, ValueError):
            return [], False
        lines: list[ChunkLine] = []
        for text in told[:-1]:
            try:
                line = ChunkLine.model_validate_json(text)
                is_there = (self._folder / chunk_name(line.number)).stat().st_size == line.bytes
            except (OSError, ValidationError):
                return lines, False
            if not is_there or line.number != len(lines) + 1:
                return lines, False
            lines.append(line)
        return lines, told[-1:] == [b""]
