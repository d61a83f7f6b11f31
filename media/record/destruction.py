"""Destroys what is due of a record: the tombstone first, then the files; what no rule names stays."""

import asyncio
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import Clock
from cloudcourt.domain.retention import (
    DataClass,
    DestroyedFile,
    Destruction,
    RetentionBusy,
    Rule,
    Tombstone,
)
from media.record.court_key import SigningKey
from media.record.film_file import read_film
from media.record.folders import FILM, JOURNAL, MANIFEST, TRACK_FILE, hearing_folder
from media.record.log_file import LOG
from media.record.seal_file import read_seal
from media.record.signed_lines import append_signed, signed_entry, tip, whole_lines
from media.verifier.chain import listed_in, read_log
from media.verifier.destroyed import DESTROYED_FILE
from media.verifier.files import Listed, NoManifest, read_manifest

EVIDENCE = ("tracks/", f"{JOURNAL}/", "exhibits/", "record.log.torn-")
"""What of a record is evidence that goes with its time: never its log, its seal, or anything that is signed."""
DERIVED = ("copies", "withheld")
"""Folders beside the records, of copies that are made of them."""
_LOCK = "retention.lock"


class FolderDestroyer:
    """The Destroyer port on hearings' folders."""

    def __init__(self, data_dir: Path, clock: Clock, court_key: SigningKey) -> None:
        self._data_dir, self._clock, self._court_key = data_dir, clock, court_key

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One run at a time, whichever process it is in. Raises RetentionBusy, OSError."""
        handle = os.open(self._data_dir / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as busy:
                raise RetentionBusy from busy
            yield
        finally:
            os.close(handle)

    async def destroy(
        self, hearing_id: HearingId, rule: Rule, is_held: Callable[[], bool], *, dry_run: bool
    ) -> Destruction:
        """Raises OSError, ValueError."""
        return await asyncio.to_thread(self._destroy, hearing_id, rule, is_held, dry_run)

    async def tombstones(self, hearing_id: HearingId) -> Sequence[Tombstone]:
        """Raises OSError, ValueError."""
        return await asyncio.to_thread(self._tombstones, hearing_id)

    def _destroy(self, hearing_id: HearingId, rule: Rule, is_held: Callable[[], bool], dry_run: bool) -> Destruction:
        folder = hearing_folder(self._data_dir, hearing_id)
        if read_seal(folder) is None:
            return Destruction()
        stones = self._tombstones(hearing_id)
        promised = [file for stone in stones if stone.data is rule.data for file in stone.files]
        left = [file for file in promised if (folder / file.file).is_file()]
        due, altered = _measured(folder, rule.data, {file.file for stone in stones for file in stone.files})
        if not dry_run and due and not is_held():
            self._sign(hearing_id, rule, tuple(due), stones)
        gone = [*left, *due]
        if not dry_run:
            gone = [file for file in gone if _removed(folder / file.file, is_held)]
            self._sweep(folder, rule.data, is_held)
        return Destruction(files=len(gone), bytes=sum(file.bytes for file in gone), altered=tuple(altered))

    def _sign(
        self, hearing_id: HearingId, rule: Rule, files: tuple[DestroyedFile, ...], stones: Sequence[Tombstone]
    ) -> None:
        """On the disk when this returns: from here on the files may go. Raises OSError."""
        path = hearing_folder(self._data_dir, hearing_id) / DESTROYED_FILE
        stone = Tombstone(
            **rule.model_dump(),
            n=len(stones) + 1,
            previous=tip(whole_lines(path)),
            hearing=hearing_id,
            at=self._clock.now(),
            files=files,
        )
        append_signed(path, stone, self._court_key)

    def _sweep(self, folder: Path, data: DataClass, is_held: Callable[[], bool]) -> None:
        """What was made of the files that are gone: copies, empty folders."""
        if is_held():
            return
        for name in DERIVED:
            shutil.rmtree(self._data_dir / name / folder.name, ignore_errors=True)
        if data is DataClass.RECORD:
            for track in (folder / JOURNAL).glob("*"):
                if track.is_dir() and not any(track.iterdir()):
                    track.rmdir()

    def _tombstones(self, hearing_id: HearingId) -> tuple[Tombstone, ...]:
        lines = whole_lines(hearing_folder(self._data_dir, hearing_id) / DESTROYED_FILE)
        return tuple(self._tombstone(line) for line in lines)

    def _tombstone(self, line: bytes) -> Tombstone:
        try:
            return Tombstone.model_validate(signed_entry(line, self._court_key))
        except ValueError as why:
            raise ValueError(f"{DESTROYED_FILE} holds no tombstone of this court: {why}") from why


def _measured(folder: Path, data: DataClass, known: set[str]) -> tuple[list[DestroyedFile], list[str]]:
    """Files of that kind that are there, whole as the record tells, and without a tombstone; those that differ."""
    due, altered = [], []
    for listed in _listed(folder).values():
        if _data_of(listed.file) is not data or listed.file in known or not (folder / listed.file).is_file():
            continue
        if _sha256(folder / listed.file) == listed.sha256:
            due.append(DestroyedFile(file=listed.file, bytes=listed.size, sha256=listed.sha256))
        else:
            altered.append(listed.file)
    return due, altered


def _listed(folder: Path) -> dict[str, Listed]:
    """Every file that the record tells of. Raises OSError, ValueError."""
    try:
        _, media = read_manifest((folder / MANIFEST).read_bytes())
    except NoManifest as why:
        raise ValueError(str(why)) from why
    listed = listed_in(read_log((folder / LOG).read_bytes())) | {entry.file: entry for entry in media}
    film = read_film(folder)
    if film is not None and film.file is not None and film.sha256 is not None:
        listed[film.file] = Listed(film.file, film.bytes, film.sha256)
    return listed


def _data_of(file: str) -> DataClass | None:
    if file == FILM:
        return DataClass.FILM
    is_evidence = file.startswith(EVIDENCE) and (not file.startswith("tracks/") or TRACK_FILE.fullmatch(file))
    return DataClass.RECORD if is_evidence else None


def _removed(path: Path, is_held: Callable[[], bool]) -> bool:
    if is_held():
        return False
    path.unlink(missing_ok=True)  # not synced: what comes back after a power cut goes with the next run
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
