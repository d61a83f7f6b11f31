"""Transactions: many may read, and a write that has begun runs to its end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cloudcourt.observability.tasks import Crew
from cloudcourt.store.engine import WRITES

Answer = TypeVar("Answer")


class Database:
    """The two ways into an engine."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._readers = engine
        self._writers = engine.execution_options(**{WRITES: True})
        self._crew = Crew("store")
        # SQLite has one writer at a time and its lock is polled: here they wait in a fair line instead.
        one_by_one = engine.dialect.name == "sqlite"
        self._turn: AbstractAsyncContextManager[None] = asyncio.Lock() if one_by_one else nullcontext()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that is rolled back at the end."""
        async with self._readers.connect() as connection:
            yield connection

    async def write(self, work: Callable[[AsyncConnection], Awaitable[Answer]]) -> Answer:
        """Do `work` in one transaction, committed and synced when this returns; an exception undoes it all.

        Whoever is cancelled meanwhile learns of it only when the transaction is over, one way or the other:
        a statement that is cut off leaves its connection, and on SQLite everybody's write lock, to the
        garbage collector.
        """
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        under_way = self._crew.start(self._carry_out(work, answer), name="write")
        try:
            await asyncio.wait([under_way])
        except asyncio.CancelledError:
            await asyncio.wait([under_way])
            answer.cancelled() or answer.exception()  # nobody is left to tell
            raise
        return answer.result()

    async def close(self) -> None:
        """End every connection."""
        await self._crew.dismiss()
        await self._readers.dispose()

    async def _carry_out(
        self, work: Callable[[AsyncConnection], Awaitable[Answer]], answer: asyncio.Future[Answer]
    ) -> None:
        try:
            async with self._turn, self._writers.begin() as connection:
                done = await work(connection)
            answer.set_result(done)
        except Exception as failure:  # noqa: BLE001 - it is the asker's, and is raised there
            answer.set_exception(failure)
        finally:
            answer.cancel()  # no answer: this task was ended
