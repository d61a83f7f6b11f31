"""Keeps `hearing.json` in step with the hearing, for the film that is made meanwhile."""

import asyncio
from pathlib import Path

from cloudcourt.domain.hearing import Hearing
from media.record.folders import HEARING, TRACKS, write_atomically
from media.record.hearing_facts import HearingFacts, hearing_facts


class HearingFile:
    """The file of one hearing. Of writes that overtake each other the latest state stands."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = asyncio.Lock()
        self._seq = 0
        self._written: HearingFacts | None = None

    async def write(self, hearing: Hearing) -> None:
        """Store the frame of the hearing, unless it is what stands there. Raises OSError."""
        async with self._lock:
            facts = hearing_facts(hearing)
            if hearing.seq < self._seq or facts == self._written:
                return
            await asyncio.to_thread(self._replace, facts.model_dump_json(indent=1).encode())
            self._seq, self._written = hearing.seq, facts

    def _replace(self, content: bytes) -> None:
        (self._folder / TRACKS).mkdir(parents=True, exist_ok=True)
        write_atomically(self._folder / HEARING, content)
