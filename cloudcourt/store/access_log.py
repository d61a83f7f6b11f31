"""Who opened which part of the record, in SQL."""

from sqlalchemy import insert, select

from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import AccessEntry
from cloudcourt.store import tables
from cloudcourt.store.database import Database


class SqlAccessLog:
    """An `AccessLog`. The database itself refuses to change or delete a row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, entry: AccessEntry) -> None:
        """Add one row, synced before this returns."""
        row = entry.model_dump()
        await self._database.write(lambda connection: connection.execute(insert(tables.access_entries), row))

    async def entries(self, hearing_id: HearingId) -> tuple[AccessEntry, ...]:
        """In the order they were noted."""
        log = tables.access_entries.c
        asked = (
            select(log.at, log.hearing_id, log.who, log.name, log.file, log.range_from)
            .where(log.hearing_id == hearing_id)
            .order_by(log.id)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(asked)).mappings()
            return tuple(AccessEntry.model_validate(dict(row)) for row in rows)
