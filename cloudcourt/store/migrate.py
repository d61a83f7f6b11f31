"""Bring a database to the schema this version of the program knows."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text

from cloudcourt.store.engine import WRITES, full_url, open_engine

_SCRIPTS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = 0x636C6F7564  # "cloud": any number will do, as long as every migrator takes the same lock


async def migrate(url: str, on_step: Callable[[str], None] | None = None) -> None:
    """Upgrade to the newest schema in one transaction: all steps or none. Idempotent; only one process does it.

    `on_step` is told each step that was taken, in a few words.
    """
    engine = open_engine(url)
    try:
        async with engine.execution_options(**{WRITES: True}).begin() as connection:
            await connection.run_sync(_upgrade, on_step)
    finally:
        await engine.dispose()


async def is_current(url: str) -> bool:
    """True when `migrate` would have nothing to do. Doesn't make a SQLite file that isn't there."""
    if await asyncio.to_thread(_is_missing_file, full_url(url)):
        return False
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_has_newest_schema)
    finally:
        await engine.dispose()


def _is_missing_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: Connection, on_step: Callable[[str], None] | None) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ONE_AT_A_TIME})
    config = _config()
    config.attributes["connection"] = connection
    config.attributes["on_step"] = on_step
    command.upgrade(config, "head")


def _has_newest_schema(connection: Connection) -> bool:
    heads = MigrationContext.configure(connection).get_current_heads()
    return set(heads) == set(ScriptDirectory.from_config(_config()).get_heads())
