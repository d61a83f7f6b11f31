"""Samples of connections as lines in a folder beside the record, one file a hearing; destroyed after some days."""

import asyncio
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cloudcourt.domain.connectivity import Incident, Sample
from cloudcourt.domain.errors import NotFound
from cloudcourt.domain.ids import HearingId

FOLDER = "conditions"
SAFE_ID = re.compile(r"^[A-Za-z0-9_-]{1,64}$")


class FolderConditionLog:
    """A `ConditionLog` of files that only the server's user can read. They are no part of the record."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    async def keep(self, hearing_id: HearingId, entries: Sequence[Sample | Incident]) -> None:
        """Append a line each, not synced: weather. Raises OSError, NotFound."""
        if not SAFE_ID.fullmatch(hearing_id):
            raise NotFound
        await asyncio.to_thread(self._append, hearing_id, entries)

    def _append(self, hearing_id: HearingId, entries: Sequence[Sample | Incident]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{hearing_id}.jsonl"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.writelines(f"{entry.model_dump_json()}\n" for entry in entries)

    async def destroy_older_than(
        self, oldest: datetime, spared: frozenset[HearingId], *, dry_run: bool
    ) -> Mapping[HearingId, int]:
        """Files to which nothing was added since; how many lines each had. Raises OSError."""
        return await asyncio.to_thread(self._destroyed, oldest, spared, dry_run)

    def _destroyed(self, oldest: datetime, spared: frozenset[HearingId], dry_run: bool) -> Mapping[HearingId, int]:
        found = {}
        for file in self._folder.glob("*.jsonl"):
            if file.stem not in spared and datetime.fromtimestamp(file.stat().st_mtime, UTC) < oldest:
                with file.open("rb") as lines:
                    found[HearingId(file.stem)] = sum(1 for _ in lines)
                if not dry_run:
                    file.unlink(missing_ok=True)
        return found
