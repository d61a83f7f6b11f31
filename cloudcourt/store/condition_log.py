"""Samples of connections as lines in a folder beside the record, one file a hearing; destroyed after some days."""

import asyncio
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cloudcourt.domain.connectivity import Incident, Sample
from cloudcourt.domain.errors import NotFound
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import Clock

FOLDER = "conditions"
SAFE_ID = re.compile(r"^[A-Za-z0-9_-]{1,64}$")


class FolderConditionLog:
    """A `ConditionLog` of files that only the server's user can read. They are no part of the record."""

    def __init__(self, data_dir: Path, clock: Clock, keep_days: int) -> None:
        self._folder = data_dir / FOLDER
        self._clock = clock
        self._keep = timedelta(days=keep_days)
        self._swept_at: datetime | None = None

    async def keep(self, hearing_id: HearingId, entries: Sequence[Sample | Incident]) -> None:
        """Append a line each, not synced: weather. Old files go at most once a day. Raises OSError, NotFound."""
        if not SAFE_ID.fullmatch(hearing_id):
            raise NotFound
        await asyncio.to_thread(self._append, hearing_id, entries)

    def _append(self, hearing_id: HearingId, entries: Sequence[Sample | Incident]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        now = self._clock.now()
        if self._swept_at is None or now - self._swept_at > timedelta(days=1):
            self._swept_at = now
            self._destroy_older_than(now - self._keep)
        path = self._folder / f"{hearing_id}.jsonl"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.writelines(f"{entry.model_dump_json()}\n" for entry in entries)

    def _destroy_older_than(self, oldest: datetime) -> None:
        """Files to which nothing was added since."""
        for file in self._folder.glob("*.jsonl"):
            if datetime.fromtimestamp(file.stat().st_mtime, UTC) < oldest:
                file.unlink(missing_ok=True)
