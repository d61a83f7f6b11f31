"""The end of a record: everything finished is named with its hash, and the whole is signed."""

import asyncio
import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import structlog

from cloudcourt.domain.evidence import FileEntry, SegmentEntry
from cloudcourt.domain.film_statement import Chapter, FilmStatement
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import Clock
from cloudcourt.domain.recording import Manifest
from media.record.court_key import destroy_hearing_key
from media.record.film_file import film_statement, sign_film
from media.record.folders import HEARING, write_atomically
from media.record.index_page import index_page
from media.record.inventory import FileFacts
from media.record.record_log import FolderRecordLog
from media.record.seal_file import read_seal
from media.record.time_authority import TimeAuthority
from media.record.untold_segments import untold_segments
from media.verifier.single_file import single_file
from media.verifier.single_page import single_page

log = structlog.get_logger()

INDEX, FORMAT, VERIFIER, PAGE = "index.html", "FORMAT.md", "verify.py", "verify.html"
_FORMAT_DOCUMENTS = (Path(__file__).with_name(FORMAT), Path(__file__).parents[2] / "docs" / "record-format.md")
"""Inside an installed wheel, or in a checkout."""
_JOURNAL = "journal"
_PIECE_BYTES = 1 << 20


class Sealer:
    """Seals hearings whose log was told to its end."""

    def __init__(self, evidence: FolderRecordLog, clock: Clock, authority: TimeAuthority | None = None) -> None:
        self._evidence, self._clock, self._authority = evidence, clock, authority

    def is_sealed(self, folder: Path) -> bool:
        """True once `seal.json` stands; a key that a crash left behind is then destroyed. Raises OSError."""
        if read_seal(folder) is None:
            return False
        destroy_hearing_key(folder)
        return True

    def has_log(self, hearing_id: HearingId) -> bool:
        """False for hearings that earlier versions recorded."""
        return self._evidence.holds(hearing_id)

    async def has_begun(self, hearing: Hearing) -> bool:
        """True once the seal stands in the log: what it is of must not change any more. Raises OSError, ValueError."""
        state = await self._evidence.open(hearing.id, hearing.case_number)
        await self._evidence.release(hearing.id)
        return state.is_sealed

    async def seal(self, hearing: Hearing, folder: Path, manifest: Manifest) -> None:
        """Name every file, sign, destroy the key. Idempotent; raises OSError, ValueError."""
        state = await self._evidence.open(hearing.id, hearing.case_number)
        try:
            if state.last_seq < hearing.seq:
                raise ValueError("the log does not tell of the hearing's end")
            if not state.is_sealed:
                await self._tell_segments(hearing.id, folder)
            named = self._evidence.named_files(hearing.id)
            await asyncio.to_thread(_write_companions, folder, manifest)
            now = self._clock.now()
            files = await asyncio.to_thread(
                lambda: (*_finished(folder, manifest, set(named), now), *_exhibits(folder, hearing, now))
            )
            await self._evidence.seal(manifest, files, will_be_stamped=self._authority is not None)
        finally:
            await self._evidence.release(hearing.id)

    async def _tell_segments(self, hearing_id: HearingId, folder: Path) -> None:
        """Segments that were closed without the log's knowing, as those that were mended after a crash."""
        told = set(self._evidence.named_files(hearing_id))
        segments = await asyncio.to_thread(lambda: tuple(untold_segments(folder, told)))
        if segments:
            at = self._clock.now()
            await self._evidence.append(hearing_id, [SegmentEntry(at=at, segment=segment) for segment in segments])

    def sign_film(
        self, folder: Path, measured: FileFacts | None, chapters: tuple[Chapter, ...]
    ) -> FilmStatement | None:
        """Write `film.json`: the court signs for the film, or that none could be made. None without a seal; OSError."""
        seal = read_seal(folder)
        if seal is None:
            return None
        statement = film_statement(seal, self._clock.now(), measured, chapters)
        sign_film(folder, statement, self._evidence.court_key)
        return statement

    async def stamp(self, folder: Path) -> None:
        """Have a queued seal stamped by the outside authority, if one is set."""
        if self._authority is not None:
            await self._authority.stamp(folder)


def _write_companions(folder: Path, manifest: Manifest) -> None:
    """What a stranger needs beside the record: a page to read, the format, the verifier."""
    write_atomically(folder / INDEX, index_page(manifest).encode())
    write_atomically(folder / FORMAT, format_document())
    write_atomically(folder / VERIFIER, single_file().encode())
    write_atomically(folder / PAGE, single_page().encode())


def format_document() -> bytes:
    """The text of the format, for a stranger."""
    return next(path for path in _FORMAT_DOCUMENTS if path.exists()).read_bytes()


def _finished(folder: Path, manifest: Manifest, named: set[str], at: datetime) -> Iterator[FileEntry]:
    """Every finished file: the manifest's, the companions, and what a crash left of segments."""
    for track in manifest.tracks:
        yield FileEntry(at=at, file=track.file, bytes=track.bytes, sha256=str(track.sha256))
    film = manifest.film
    if film.file is not None:
        yield FileEntry(at=at, file=film.file, bytes=film.bytes, sha256=str(film.sha256))
    segments = (path.relative_to(folder).as_posix() for path in sorted((folder / _JOURNAL).glob("*/*.cj")))
    for name in (HEARING, INDEX, FORMAT, VERIFIER, PAGE, *(name for name in segments if name not in named)):
        size, digest = _measured(folder / name)
        yield FileEntry(at=at, file=name, bytes=size, sha256=digest)


def _exhibits(folder: Path, hearing: Hearing, at: datetime) -> Iterator[FileEntry]:
    """Files as they were received, whatever became of them since: an altered or lost one is found by everyone."""
    for file in hearing.exhibits.files:
        yield FileEntry(at=at, file=file.name, bytes=file.bytes, sha256=file.sha256)
        for name in (file.page_name(page) for page in range(1, file.pages + 1)):
            if (folder / name).is_file():
                size, digest = _measured(folder / name)
                yield FileEntry(at=at, file=name, bytes=size, sha256=digest)


def _measured(path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()
