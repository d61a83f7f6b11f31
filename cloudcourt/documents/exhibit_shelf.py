"""Keeps exhibits in `exhibits/` of the hearing's folder, each file under its SHA-256: none is ever replaced."""

import asyncio
import hashlib
import json
import os
import re
import secrets
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

import structlog

from cloudcourt.domain.errors import NotFound, TooLarge
from cloudcourt.domain.exhibit_errors import NoRoomForFiles, TooManyPages, UnknownFileKind
from cloudcourt.domain.exhibits import ExhibitFile
from cloudcourt.domain.ids import HearingId

log = structlog.get_logger()

FOLDER = "exhibits"
SPARE_BYTES = 1 << 30
"""So much of the disk is left to the recording."""
EXAMINED_AT_ONCE = 1
EXAMINE_WITHIN_S = 300.0
SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
SAFE_NAME = re.compile(r"exhibits/[0-9a-f]{64}(-\d{4}\.jpg|\.[a-z0-9]{2,4})")


class FolderExhibitShelf:
    """The ExhibitShelf port on the folders of the hearings' records."""

    def __init__(self, data_dir: Path, limit_bytes: int, pages_limit: int) -> None:
        self._data_dir = data_dir
        self._limit_bytes = limit_bytes
        self._pages_limit = pages_limit
        self._turns = asyncio.Semaphore(EXAMINED_AT_ONCE)

    async def receive(self, hearing_id: HearingId, pieces: AsyncIterator[bytes]) -> ExhibitFile:
        """Write it under a passing name, sync, look at it, then give it its hash for a name."""
        folder = self._folder(hearing_id)
        await asyncio.to_thread(_prepare, folder, self._limit_bytes)
        name = f".{secrets.token_hex(8)}"
        part, drawn = folder / f"{name}.part", folder / name
        try:
            size, sha256 = await self._written(part, pieces)
            async with self._turns:
                found = await self._examined(part, drawn)
            kept = ExhibitFile.model_validate({**found, "bytes": size, "sha256": sha256})
            await asyncio.to_thread(_settle, part, drawn, kept)
        finally:
            await asyncio.to_thread(_sweep, part, drawn)
        return kept

    def path(self, hearing_id: HearingId, name: str) -> Path | None:
        """Looks at the disk: call it from a thread. Raises NotFound for an id that is none."""
        folder = self._folder(hearing_id)
        path = folder.parent / name
        is_one = SAFE_NAME.fullmatch(name) is not None and path.is_file() and not path.is_symlink()
        return path if is_one else None

    async def _written(self, part: Path, pieces: AsyncIterator[bytes]) -> tuple[int, str]:
        size, digest = 0, hashlib.sha256()
        handle = await asyncio.to_thread(os.open, part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            async for piece in pieces:
                size += len(piece)
                if size > self._limit_bytes:
                    raise TooLarge(limit_bytes=self._limit_bytes)
                digest.update(piece)
                await asyncio.to_thread(file.write, piece)
            await asyncio.to_thread(_synced, file)
        return size, digest.hexdigest()

    async def _examined(self, part: Path, prefix: Path) -> dict[str, object]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "cloudcourt.documents.exhibit_examiner",
            str(part),
            str(prefix),
            str(self._pages_limit),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            env=_bare_environment(),
        )
        try:
            async with asyncio.timeout(EXAMINE_WITHIN_S):
                said, _ = await process.communicate()
            found: dict[str, object] = json.loads(said)
        except (TimeoutError, ValueError):
            log.warning("exhibit not examined", exit_code=process.returncode)
            found = {"refused": "kind"}
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if "refused" in found:
            raise TooManyPages(self._pages_limit) if found["refused"] == "pages" else UnknownFileKind
        return found

    def _folder(self, hearing_id: HearingId) -> Path:
        if not SAFE_ID.fullmatch(hearing_id):
            raise NotFound
        return self._data_dir / "hearings" / hearing_id / FOLDER


def _prepare(folder: Path, limit_bytes: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < SPARE_BYTES + limit_bytes:
        raise NoRoomForFiles


def _synced(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _bare_environment() -> dict[str, str]:
    """Nothing of the court's settings, some of which are secrets, for a process that reads what strangers hand in."""
    return {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}


def _settle(part: Path, drawn: Path, kept: ExhibitFile) -> None:
    """Give pages and file their names, unless the same file is there already."""
    folder = part.parent
    for page in range(1, kept.pages + 1):
        named = folder.parent / kept.page_name(page)
        if not named.exists():
            drawn.with_name(f"{drawn.name}-{page:04d}.jpg").replace(named)
    path = folder.parent / kept.name
    if not path.exists():
        part.replace(path)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(part: Path, drawn: Path) -> None:
    """Whatever came of it, nothing without its name stays."""
    for left in (part, *drawn.parent.glob(f"{drawn.name}-*.jpg")):
        left.unlink(missing_ok=True)
