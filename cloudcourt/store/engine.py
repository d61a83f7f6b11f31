"""One database by its URL, set up so that a commit survives a power cut."""

from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

WRITES = "cloudcourt_writes"
"""Execution option of an engine whose transactions mean to write."""

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_SQLITE_PRAGMAS = (
    "PRAGMA busy_timeout = 5000",  # first: the others may have to wait
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # WAL with NORMAL may lose the last commits in a power cut
    "PRAGMA foreign_keys = ON",
)
_POSTGRES_OPTIONS = " ".join(
    (
        "-c synchronous_commit=on",
        "-c statement_timeout=15000",
        "-c lock_timeout=10000",
        "-c idle_in_transaction_session_timeout=60000",
    )
)


def full_url(url: str) -> URL:
    """The URL with the driver this project uses. Raises ValueError for any database but the two."""
    parsed = make_url(url)
    if parsed.drivername not in _DRIVERS:
        raise ValueError(f"the database must be sqlite:// or postgresql://, not {parsed.drivername}://")
    return parsed.set(drivername=_DRIVERS[parsed.drivername])


def open_engine(url: str) -> AsyncEngine:
    """A pool of connections; nothing is opened yet. `url` is `sqlite:///PATH` or `postgresql://...`."""
    full = full_url(url)
    if full.get_backend_name() == "sqlite":
        return _sqlite_engine(full)
    return create_async_engine(
        full,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=10,
        max_overflow=0,
        pool_timeout=15,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "options": _POSTGRES_OPTIONS},
    )


def _sqlite_engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(url, hide_parameters=True, pool_size=5, max_overflow=0, pool_timeout=15)
    event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions on its own: it would begin them too late, and without the lock.
    driver: Any = connection
    driver.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer that read before it locked could find its snapshot stale and fail at once, past any busy timeout.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")
