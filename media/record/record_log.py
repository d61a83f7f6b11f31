"""The evidence log of every hearing, in the hearing's folder beside the files that it speaks of.

It lies here and not in the database: a stranger must be able to read it with no more than a text editor, and the
record room, which seals it, must be the one that wrote it.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from cloudcourt import __version__
from cloudcourt.domain.evidence import (
    Checkpoint,
    CheckpointEntry,
    Entry,
    FileEntry,
    OpenedLog,
    Seal,
    SealEntry,
    SealStatement,
    checkpoint_message,
    hearing_key_message,
    seal_message,
)
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import Clock, LogState
from cloudcourt.domain.recording import Manifest
from media.record.court_key import CourtKey, SigningKey, destroy_hearing_key, has_hearing_key
from media.record.folders import MANIFEST, hearing_folder
from media.record.log_file import LOG, LogFile
from media.record.seal_file import read_seal, sign_timestamp, write_seal


class FolderRecordLog:
    """The RecordLog port on hearings' folders."""

    def __init__(self, data_dir: Path, clock: Clock, court_key: CourtKey) -> None:
        self.court_key = court_key
        self._data_dir, self._clock = data_dir, clock
        self._open: dict[HearingId, tuple[LogFile, SigningKey | None]] = {}

    async def open(self, hearing_id: HearingId, case_number: str) -> LogState:
        """Begin the log of a hearing, or go on with it. Raises OSError, ValueError."""
        return await asyncio.to_thread(self._opened, hearing_id, case_number)

    async def append(self, hearing_id: HearingId, entries: Sequence[Entry]) -> LogState:
        """Raises OSError, ValueError."""
        file, _ = self._open[hearing_id]
        await asyncio.to_thread(file.append, entries)
        return _state(file)

    async def checkpoint(self, hearing_id: HearingId) -> Checkpoint:
        """Raises OSError."""
        file, key = self._open[hearing_id]
        return await asyncio.to_thread(self._checkpoint, hearing_id, file, key)

    async def release(self, hearing_id: HearingId) -> None:
        """Idempotent."""
        if (held := self._open.pop(hearing_id, None)) is not None:
            await asyncio.to_thread(held[0].close)

    def holds(self, hearing_id: HearingId) -> bool:
        """True when this hearing has a log at all: those of earlier versions have none."""
        return (hearing_folder(self._data_dir, hearing_id) / LOG).exists()

    def named_files(self, hearing_id: HearingId) -> Mapping[str, str]:
        """Name -> SHA-256 of every file that the open log speaks of."""
        return dict(self._open[hearing_id][0].files)

    async def seal(self, manifest: Manifest, files: Sequence[FileEntry], *, will_be_stamped: bool) -> Seal:
        """Add the finished files, the seal and the last checkpoint; sign `seal.json`; destroy the hearing's key.

        Idempotent: a seal that a crash interrupted is completed. The log must be open. Raises OSError, ValueError.
        """
        return await asyncio.to_thread(self._sealed, manifest.hearing_id, files, will_be_stamped)

    def _opened(self, hearing_id: HearingId, case_number: str) -> LogState:
        if hearing_id in self._open:
            return _state(self._open[hearing_id][0])
        folder = hearing_folder(self._data_dir, hearing_id)
        folder.mkdir(parents=True, exist_ok=True)
        file = LogFile(folder, self._clock)
        try:
            key = self._key(folder, file, hearing_id)
            if key is not None and file.count == 0:
                file.append([self._opening(hearing_id, case_number, key)])
            if not file.is_sealed:
                file.note_torn()
        except BaseException:
            file.close()
            raise
        self._open[hearing_id] = file, key
        return _state(file)

    def _key(self, folder: Path, file: LogFile, hearing_id: HearingId) -> SigningKey | None:
        """The hearing's key; None once it is sealed. Never a new one for a log that has begun."""
        if read_seal(folder) is not None:
            destroy_hearing_key(folder)
            return None
        if file.count and not has_hearing_key(folder):
            raise ValueError("the hearing's key is lost")
        key = self.court_key.hearing_key(folder, hearing_id)
        if file.opening is not None and file.opening["public_key"] != key.public:
            raise ValueError("the hearing's key is another one")
        return key

    def _opening(self, hearing_id: HearingId, case_number: str, key: SigningKey) -> OpenedLog:
        return OpenedLog(
            at=self._clock.now(),
            hearing=hearing_id,
            case_number=case_number,
            software=f"cloudcourt {__version__}",
            public_key=key.public,
            court_key=self.court_key.public,
            court_signature=self.court_key.sign(hearing_key_message(hearing_id, key.public)),
        )

    def _checkpoint(self, hearing_id: HearingId, file: LogFile, key: SigningKey | None) -> Checkpoint:
        if key is None:
            raise OSError("the record is sealed")
        count, head = file.count, file.head
        signature = key.sign(checkpoint_message(hearing_id, count, head))
        file.append([CheckpointEntry(at=self._clock.now(), count=count, head=head, signature=signature)])
        return Checkpoint(count=count, head=head, signature=signature)

    def _sealed(self, hearing_id: HearingId, files: Sequence[FileEntry], will_be_stamped: bool) -> Seal:
        folder = hearing_folder(self._data_dir, hearing_id)
        if (seal := read_seal(folder)) is not None:
            return seal
        file, key = self._open[hearing_id]
        if key is None:
            raise ValueError("the hearing's key is gone, and there is no seal")
        manifest_sha256 = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
        if not file.is_sealed:
            new = [entry for entry in files if file.files.get(entry.file) != entry.sha256]
            whole = SealEntry(at=self._clock.now(), manifest_sha256=manifest_sha256, files=len(files))
            file.append([*new, whole])
        if not file.ends_with_checkpoint:
            self._checkpoint(hearing_id, file, key)
        statement = SealStatement(
            hearing=hearing_id,
            sealed_at=self._clock.now(),
            manifest_sha256=manifest_sha256,
            count=file.count,
            head=file.head,
            hearing_key=key.public,
            court_key=self.court_key.public,
        )
        seal = Seal(
            statement=statement,
            hearing_signature=key.sign(seal_message(statement)),
            court_signature=self.court_key.sign(seal_message(statement)),
            timestamp=sign_timestamp(self.court_key, statement, "queued" if will_be_stamped else "none"),
        )
        write_seal(folder, seal)
        self._open[hearing_id] = file, None
        destroy_hearing_key(folder)
        return seal


def _state(file: LogFile) -> LogState:
    return LogState(count=file.count, head=file.head, last_seq=file.last_seq, is_sealed=file.is_sealed)
