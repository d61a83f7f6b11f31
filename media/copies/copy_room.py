"""Copies to take away, in `{data_dir}/copies/{hearing_id}/`: beside the records, never in them."""

import asyncio
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import structlog

from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import Clock
from cloudcourt.domain.record_access import CopyState, Download, Subject
from cloudcourt.observability.tasks import Crew
from media.copies.copy_job import CopyFailed, make_copy
from media.copies.order import CopyOrder
from media.record.film_file import FILM_FILE
from media.record.folders import FILM, SAFE_ID, hearing_folder
from media.record.seal_file import SEAL, read_seal
from media.verifier.countersignatures import COUNTERSIGNATURES
from media.verifier.destroyed import DESTROYED_FILE
from media.verifier.orders import ORDERS_FILE

log = structlog.get_logger()

COPIES = "copies"
BUNDLE = "record.zip"
KEPT_S = 2 * 24 * 3600.0
"""A copy that nobody has asked for in that time is made again when somebody does; what is known of it stays."""
_KEPT_FREE_BYTES = 512 << 20
"""Room that copies leave to the hearings."""
_COPIES_AT_ONCE = 1


class FolderCopyRoom:
    """The CopyRoom port on a plain folder. Owns the processes that make copies, one at a time."""

    def __init__(self, data_dir: Path, clock: Clock) -> None:
        self._data_dir = data_dir
        self._clock = clock
        self._crew = Crew("copy room")
        self._turns = asyncio.Semaphore(_COPIES_AT_ONCE)
        self._progress: dict[Path, float] = {}
        self._failures: dict[str, str] = {}

    async def prepare(self, download: Download, mark: Sequence[str]) -> CopyState:
        """Begin to make it unless it is there or under way; a download whose copy failed isn't tried again."""
        out = self._out(download)
        if out in self._progress:
            return CopyState(state="making", progress=self._progress[out])
        if download.id in self._failures:
            return CopyState(state="failed", reason=self._failures[download.id])
        size = await asyncio.to_thread(self._size, download)
        if size is not None:
            return CopyState(state="ready", progress=1.0, bytes=size)
        if out not in self._progress:  # nobody began it meanwhile
            self._progress[out] = 0.0
            self._crew.start(self._make(download, tuple(mark), out), name=f"copy {download.id}")
        return CopyState(state="making", progress=self._progress[out])

    def file(self, download: Download) -> Path | None:
        """Where it is, once it is ready."""
        return self._out(download) if self._size(download) is not None else None

    async def close(self) -> None:
        """Abandon copies in the making; they are begun again when they are asked for."""
        await self._crew.dismiss()

    async def _make(self, download: Download, mark: tuple[str, ...], out: Path) -> None:
        record = hearing_folder(self._data_dir, download.hearing_id)
        order = CopyOrder(
            hearing_id=download.hearing_id,
            record=record,
            out=out,
            number=download.number,
            mark=mark,
            recipient=download.recipient,
            at=self._clock.now(),
        )
        try:
            async with self._turns:
                reason = await asyncio.to_thread(self._made_room, record, out, bool(mark))
                if not reason:
                    await make_copy(order, lambda progress: self._note(out, progress))
        except (CopyFailed, OSError) as failure:
            log.error("copy not made", hearing_id=download.hearing_id, number=download.number, reason=str(failure))
            reason = "failed"
        finally:
            self._progress.pop(out, None)
        if reason:
            self._failures[download.id] = reason

    def _note(self, out: Path, progress: float) -> None:
        self._progress[out] = progress

    def _made_room(self, record: Path, out: Path, is_film: bool) -> str:
        """Make the folder and clear what nobody needs any more; why the copy can't be made, or nothing."""
        out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        if is_film:
            if not (record / FILM).is_file():
                return "no_film"
            needed = 2 * (record / FILM).stat().st_size
        else:
            if read_seal(record) is None:
                return "not_sealed"
            needed = sum(path.stat().st_size for path in record.rglob("*") if path.is_file())
        free = shutil.disk_usage(out.parent).free
        return "disk_full" if free - needed < _KEPT_FREE_BYTES else ""

    def _sweep(self) -> None:
        """Only copies, and only media: a copy's entry is kept, and no record is ever near this folder."""
        for path in (self._data_dir / COPIES).glob("*/*"):
            is_media = path.suffix in (".mp4", ".zip", ".tmp")
            if is_media and path not in self._progress and time.time_ns() / 1e9 - path.stat().st_mtime > KEPT_S:
                path.unlink(missing_ok=True)

    def _out(self, download: Download) -> Path:
        folder = self._data_dir / COPIES / _safe(download.hearing_id)
        if download.subject is Subject.BUNDLE:
            return folder / BUNDLE
        return folder / f"{download.number:04}_{_safe(download.id)}.mp4"

    def _size(self, download: Download) -> int | None:
        """How large it is; None while it isn't whole, and for a zip older than what was signed of its record."""
        out = self._out(download)
        try:
            made = out.stat()
            if download.subject is not Subject.BUNDLE:
                return made.st_size
            record = hearing_folder(self._data_dir, download.hearing_id)
            signed = (FILM_FILE, COUNTERSIGNATURES, ORDERS_FILE, DESTROYED_FILE)
            later = [path for path in (record / name for name in signed) if path.exists()]
            signed_ns = max(path.stat().st_mtime_ns for path in (record / SEAL, *later))
        except OSError:
            return None
        return made.st_size if made.st_mtime_ns >= signed_ns else None


def _safe(name: str | HearingId) -> str:
    """Raises ValueError for an id that could leave its folder."""
    if not SAFE_ID.fullmatch(name):
        raise ValueError("an id is letters, digits, - and _")
    return name
