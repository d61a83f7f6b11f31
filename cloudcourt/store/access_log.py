"""Who opened which part of the record and who took copies of it away, in SQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cloudcourt.domain.errors import NotFound
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.record_access import AccessEntry, CopyWish, Download
from cloudcourt.store import tables
from cloudcourt.store.court_record import lock_log
from cloudcourt.store.database import Database
from cloudcourt.store.record_tables import access_served, downloads
from cloudcourt.store.short_ids import may_be_id, new_id

_OF_THE_ROW = {"at", "hearing_id", "who", "name", "file", "range_from", "download_id"}


class SqlAccessLog:
    """An `AccessLog`. The database itself refuses to change or delete a row of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, entry: AccessEntry) -> int:
        """Add one row, synced before this returns; its number."""
        adding = insert(tables.access_entries).returning(tables.access_entries.c.id)
        row = entry.model_dump(include=_OF_THE_ROW)

        async def write(connection: AsyncConnection) -> int:
            return int((await connection.execute(adding, row)).scalar_one())

        return await self._database.write(write)

    async def note_served(self, row: int, *, at: datetime, bytes_sent: int, is_complete: bool) -> None:
        """Add what went out because of a row."""
        served = {"entry_id": row, "at": at, "bytes": bytes_sent, "is_complete": is_complete}
        await self._database.write(lambda connection: connection.execute(insert(access_served), served))

    async def entries(self, hearing_id: HearingId) -> tuple[AccessEntry, ...]:
        """In the order they were noted, with what each copy was for and how much went out."""
        log, copy = tables.access_entries.c, downloads.c
        sums = (
            select(
                access_served.c.entry_id,
                func.sum(access_served.c.bytes).label("bytes"),
                func.count().filter(access_served.c.is_complete).label("completed"),
            )
            .join(tables.access_entries, log.id == access_served.c.entry_id)
            .where(log.hearing_id == hearing_id)
            .group_by(access_served.c.entry_id)
            .subquery()
        )
        asked = (
            select(
                *(log.at, log.hearing_id, log.who, log.name, log.file, log.range_from, log.download_id),
                *(copy.number, copy.purpose, copy.reason, copy.recipient),
                *(sums.c.bytes, sums.c.completed),
            )
            .select_from(
                tables.access_entries.outerjoin(downloads, copy.id == log.download_id).outerjoin(
                    sums, sums.c.entry_id == log.id
                )
            )
            .where(log.hearing_id == hearing_id)
            .order_by(log.id)
        )
        async with self._database.reading() as connection:
            return tuple(_entry(dict(row)) for row in (await connection.execute(asked)).mappings())

    async def grant(
        self, hearing_id: HearingId, wish: CopyWish, *, who: str, name: str, at: datetime, expires_at: datetime
    ) -> Download:
        """Give a download the hearing's next copy number. Raises NotFound for an unknown hearing."""
        given = {"id": new_id("d", 15), "hearing_id": hearing_id, "who": who, "name": name}
        times = {"at": at.astimezone(UTC), "expires_at": expires_at.astimezone(UTC)}
        last = select(func.max(downloads.c.number)).where(downloads.c.hearing_id == hearing_id)

        async def write(connection: AsyncConnection) -> Download:
            await lock_log(connection, hearing_id)  # two clerks at once get two numbers
            number = (await connection.scalar(last) or 0) + 1
            granted = Download(**wish.model_dump(), **given, **times, number=number)
            await connection.execute(insert(downloads), granted.model_dump())
            return granted

        return await self._database.write(write)

    async def download(self, download_id: str) -> Download:
        """Raises NotFound."""
        if not may_be_id(download_id):
            raise NotFound
        async with self._database.reading() as connection:
            asked = select(downloads).where(downloads.c.id == download_id)
            row = (await connection.execute(asked)).mappings().first()
        if row is None:
            raise NotFound
        return Download.model_validate(dict(row))


def _entry(row: dict[str, Any]) -> AccessEntry:
    completed = row.pop("completed")
    told = {name: value for name, value in row.items() if value is not None}
    return AccessEntry.model_validate({**told, "is_complete": bool(completed)})
