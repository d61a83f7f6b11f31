"""Snapshots of people with their documents: plain JPEGs in a folder per hearing, destroyed after their time."""

import asyncio
import hashlib
import io
import os
import re
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from cloudcourt.domain.errors import InvalidInput, NotFound
from cloudcourt.domain.identity_ports import Snapshot
from cloudcourt.domain.ids import HearingId

FOLDER = "identity"
LONGEST_SIDE = 1600
PIXELS_LIMIT = 40_000_000
QUALITY = 85
SAFE_ID = re.compile(r"[A-Za-z0-9_]{1,64}")
SAFE_HASH = re.compile(r"[0-9a-f]{64}")


class FolderSnapshots:
    """Keeps them below the data folder, apart from the hearings' records: they are never handed out with those."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    async def keep(self, hearing_id: HearingId, picture: bytes) -> Snapshot:
        """Draw the picture anew, without what a camera writes beside it. Raises InvalidInput, OSError."""
        return await asyncio.to_thread(self._kept, hearing_id, picture)

    async def read(self, hearing_id: HearingId, sha256: str) -> bytes:
        """Raises NotFound."""
        try:
            return await asyncio.to_thread(self._path(hearing_id, sha256).read_bytes)
        except FileNotFoundError:
            raise NotFound from None

    async def destroy_older_than(
        self, oldest: datetime, spared: frozenset[HearingId], *, dry_run: bool
    ) -> Mapping[HearingId, int]:
        """Whole hearings whose newest snapshot is older."""
        return await asyncio.to_thread(self._destroyed, oldest, spared, dry_run)

    def _kept(self, hearing_id: HearingId, picture: bytes) -> Snapshot:
        plain = _drawn_anew(picture)
        sha256 = hashlib.sha256(plain).hexdigest()
        path = self._path(hearing_id, sha256)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(plain)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        return Snapshot(sha256=sha256, bytes=len(plain))

    def _destroyed(self, oldest: datetime, spared: frozenset[HearingId], dry_run: bool) -> Mapping[HearingId, int]:
        found = {}
        for folder in self._folder.glob("*"):
            pictures = list(folder.glob("*.jpg"))
            newest = max((file.stat().st_mtime for file in pictures), default=folder.stat().st_mtime)
            if folder.name not in spared and datetime.fromtimestamp(newest, UTC) < oldest:
                found[HearingId(folder.name)] = len(pictures)
                if not dry_run:
                    shutil.rmtree(folder)
        return found

    def _path(self, hearing_id: HearingId, sha256: str) -> Path:
        if not SAFE_ID.fullmatch(hearing_id) or not SAFE_HASH.fullmatch(sha256):
            raise NotFound
        return self._folder / hearing_id / f"{sha256}.jpg"


def _drawn_anew(picture: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > PIXELS_LIMIT:
                raise InvalidInput(where="body", why="the picture has too many pixels")
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise InvalidInput(where="body", why="this is no picture") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = io.BytesIO()
    upright.save(plain, "JPEG", quality=QUALITY)
    return plain.getvalue()
