"""Copies of a record's files without what is sealed, in `{data_dir}/withheld/{hearing_id}/`: never in the record."""

import asyncio
import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import structlog

from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.record_orders import SealedSpan, WithheldCopy
from cloudcourt.domain.recording import Manifest
from cloudcourt.observability.tasks import Crew
from media.copies.copy_job import CopyFailed, make_copy
from media.copies.hole_order import HoleOrder, holes_in
from media.record.folders import FILM, TRACK_FILE, hearing_folder

log = structlog.get_logger()

WITHHELD = "withheld"
_COPIES_AT_ONCE = 1
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 5.0, 600.0
_KEPT_FREE_BYTES = 512 << 20
"""Room that copies leave to the hearings."""


class FolderWithheldRoom:
    """The WithheldRoom port on a plain folder. Owns the processes that make the copies, one at a time."""

    def __init__(self, data_dir: Path, first_pause_s: float = _FIRST_PAUSE_S) -> None:
        """After a failure the next attempt is so many seconds later, then twice as many, at most ten minutes."""
        self._data_dir, self._first_pause_s = data_dir, first_pause_s
        self._crew = Crew("withheld room")
        self._turns = asyncio.Semaphore(_COPIES_AT_ONCE)
        self._making: dict[Path, WithheldCopy] = {}
        self._wanted: dict[Path, Path] = {}
        """By the file that it is made of, the copy that was asked for last: only that one is worth another attempt."""

    async def without(self, manifest: Manifest, name: str, spans: Sequence[SealedSpan]) -> Path | None:
        """The file itself where no span reaches into it; a copy is made at the first call, and None told meanwhile."""
        source = self._source(manifest, name)
        holes = holes_in(manifest, name, spans)
        if holes is None or not manifest.sealed:
            return None  # a track may still grow into a sealed span
        if not holes:
            return source
        kind: Literal["film", "track"] = "film" if name == FILM else "track"
        wanted = HoleOrder(source=source, out=source, kind=kind, case_number=manifest.case_number, holes=holes)
        order = await asyncio.to_thread(self._placed, manifest, wanted)
        if order is None:
            return None
        if await asyncio.to_thread(order.out.is_file):
            return order.out
        self._wanted[source] = order.out
        if order.out not in self._making:
            self._making[order.out] = WithheldCopy(file=name)
            self._crew.start(self._make_at_last(manifest, order), name=f"withhold {order.out.name}")
        return None

    def under_way(self, hearing_id: HearingId) -> tuple[WithheldCopy, ...]:
        """What isn't there yet, and what is the matter with it."""
        return tuple(copy for out, copy in self._making.items() if out.parent.name == hearing_id)

    async def close(self) -> None:
        """Abandon copies in the making; they are begun again when they are asked for."""
        await self._crew.dismiss()

    def _source(self, manifest: Manifest, name: str) -> Path:
        """Raises ValueError for a name that is no file of a record."""
        if name != FILM and not TRACK_FILE.fullmatch(name):
            raise ValueError("a film or a track is expected")
        return hearing_folder(self._data_dir, manifest.hearing_id) / name

    def _placed(self, manifest: Manifest, order: HoleOrder) -> HoleOrder | None:
        """Where the copy belongs: it has another name for other holes, and for another file."""
        try:
            stat = order.source.stat()
        except OSError:
            return None
        told = f"{stat.st_mtime_ns} {stat.st_size} {order.model_dump_json()}"
        key = hashlib.sha256(told.encode()).hexdigest()[:24]
        folder = self._data_dir / WITHHELD / manifest.hearing_id
        return order.model_copy(update={"out": folder / f"{key}_{order.source.name}"})

    async def _make_at_last(self, manifest: Manifest, order: HoleOrder) -> None:
        """Until it is there, or another one is wanted in its place."""
        pause_s = self._first_pause_s
        try:
            while self._wanted[order.source] == order.out and not await self._made(manifest, order):
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        finally:
            self._making.pop(order.out, None)

    async def _made(self, manifest: Manifest, order: HoleOrder) -> bool:
        try:
            async with self._turns:
                if not await asyncio.to_thread(self._has_room, order):
                    return self._noted(manifest, order, "disk_full", "the disk is too full")
                await make_copy(order, lambda progress: self._tell(order, progress=progress), "media.copies.withhold")
                await asyncio.to_thread(_drop_older, order.out)
        except (CopyFailed, OSError) as failure:
            return self._noted(manifest, order, "failed", str(failure))
        return True

    def _noted(self, manifest: Manifest, order: HoleOrder, reason: Literal["disk_full", "failed"], why: str) -> bool:
        failures = self._making[order.out].failures + 1
        log.error("sealed span not cut out", hearing_id=manifest.hearing_id, reason=why, failures=failures)
        self._tell(order, failures=failures, reason=reason, progress=0.0)
        return False

    def _tell(self, order: HoleOrder, **news: object) -> None:
        self._making[order.out] = self._making[order.out].model_copy(update=news)

    def _has_room(self, order: HoleOrder) -> bool:
        """Raises OSError."""
        order.out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        free = shutil.disk_usage(order.out.parent).free
        return free - 2 * order.source.stat().st_size >= _KEPT_FREE_BYTES


def _drop_older(made: Path) -> None:
    """Copies with other holes of the same file: nobody is given them any more."""
    name = made.name.partition("_")[2]
    for path in made.parent.glob(f"*_{name}"):
        if path != made:
            path.unlink(missing_ok=True)
