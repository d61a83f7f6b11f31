"""Keeps the record room's index true to the files: looks at a hearing's record whenever its film has changed."""

from collections.abc import Awaitable, Callable

import structlog

from cloudcourt.domain.errors import NotFound
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import RecordRoom
from cloudcourt.domain.record_index import RecordIndex
from cloudcourt.observability.tasks import Crew

log = structlog.get_logger()


class RecordKeeper:
    """Owns the looks that are under way, one at a time for each hearing."""

    def __init__(
        self, index: RecordIndex, room: RecordRoom, hearing: Callable[[HearingId], Awaitable[Hearing]]
    ) -> None:
        self._index = index
        self._room = room
        self._hearing = hearing
        self._crew = Crew("record keeper")
        self._due: set[HearingId] = set()
        self._looking: set[HearingId] = set()

    def film_changed(self, hearing_id: HearingId) -> None:
        """Look soon. Returns at once."""
        self._due.add(hearing_id)
        if hearing_id not in self._looking:
            self._looking.add(hearing_id)
            self._crew.start(self._look_while_due(hearing_id), name=f"index {hearing_id}")

    async def take_up_unsettled(self) -> None:
        """At boot: what was finished while nobody looked."""
        for hearing_id in await self._index.unsettled():
            self.film_changed(hearing_id)

    async def close(self) -> None:
        """What isn't indexed yet is at the next boot."""
        await self._crew.dismiss()

    async def _look_while_due(self, hearing_id: HearingId) -> None:
        try:
            while hearing_id in self._due:
                self._due.discard(hearing_id)
                await self._look(hearing_id)
        finally:
            self._looking.discard(hearing_id)

    async def _look(self, hearing_id: HearingId) -> None:
        try:
            manifest = await self._room.manifest(await self._hearing(hearing_id))
        except (NotFound, OSError) as failure:
            log.error("record not indexed", hearing=hearing_id, reason=type(failure).__name__)
            return
        await self._index.note_files(hearing_id, film=manifest.film.state, is_sealed=manifest.sealed)
