"""Transactions: many may read, and a writer that leaves by an exception has written nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cloudcourt.store.engine import WRITES


class Database:
    """The two ways into an engine."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._readers = engine
        self._writers = engine.execution_options(**{WRITES: True})
        # SQLite has one writer at a time and its lock is polled: here they wait in a fair line instead.
        one_by_one = engine.dialect.name == "sqlite"
        self._turn: AbstractAsyncContextManager[None] = asyncio.Lock() if one_by_one else nullcontext()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that is rolled back at the end."""
        async with self._readers.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction, committed and synced at the end. On SQLite it holds the write lock from the start."""
        async with self._turn, self._writers.begin() as connection:
            yield connection

    async def close(self) -> None:
        """End every connection."""
        await self._readers.dispose()
