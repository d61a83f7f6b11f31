"""Everything the court remembers, behind one door."""

import asyncio

from sqlalchemy import text

from cloudcourt.domain.ports import CaseBook, CourtRecord, JoinLinks, StaffRoom
from cloudcourt.domain.record_access import AccessLog
from cloudcourt.domain.record_index import RecordIndex
from cloudcourt.store.access_log import SqlAccessLog
from cloudcourt.store.case_book import SqlCaseBook
from cloudcourt.store.court_record import SqlCourtRecord
from cloudcourt.store.database import Database
from cloudcourt.store.engine import open_engine
from cloudcourt.store.join_links import SqlJoinLinks
from cloudcourt.store.passwords import Passwords
from cloudcourt.store.record_index import SqlRecordIndex
from cloudcourt.store.staff_room import SqlStaffRoom
from cloudcourt.store.throttle import SignInThrottle


class Store:
    """One database and its six books. The schema is `cloudcourt.store.migrate`'s business, beforehand."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self.record: CourtRecord = SqlCourtRecord(database)
        self.cases: CaseBook = SqlCaseBook(database)
        self.links: JoinLinks = SqlJoinLinks(database)
        self.staff: StaffRoom = SqlStaffRoom(database, passwords, SignInThrottle())
        self.access: AccessLog = SqlAccessLog(database)
        self.records: RecordIndex = SqlRecordIndex(database)

    @classmethod
    async def open(cls, url: str) -> "Store":
        """Open the database at `sqlite:///PATH` or `postgresql://...`. Raises when it doesn't answer."""
        store = cls(Database(open_engine(url)), await asyncio.to_thread(Passwords))
        try:
            await store.ping()
        except BaseException:
            await store.close()
            raise
        return store

    async def ping(self) -> None:
        """Returns when the database answers; raises SQLAlchemyError or OSError when it doesn't."""
        async with self._database.reading() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """End every connection. The store is of no use afterwards."""
        await self._database.close()
