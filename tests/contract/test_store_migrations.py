"""The schema: made from nothing, by anyone first, and the same as the program's tables."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from cloudcourt.domain.record_access import AccessEntry
from cloudcourt.store.engine import open_engine
from cloudcourt.store.migrate import is_current, migrate
from cloudcourt.store.store import Store
from cloudcourt.store.tables import metadata
from tests.bed.sittings import MORNING, Sitting

pytestmark = pytest.mark.contract


async def test_an_empty_database_becomes_current_once(empty_url: str) -> None:
    steps: list[str] = []
    assert not await is_current(empty_url)

    await migrate(empty_url, steps.append)
    assert await is_current(empty_url)
    assert len(steps) >= 1
    assert all(steps)

    told_again: list[str] = []
    await migrate(empty_url, told_again.append)
    assert told_again == []


async def test_two_migrators_at_once_take_each_step_once(empty_url: str) -> None:
    steps: list[str] = []
    await asyncio.gather(migrate(empty_url, steps.append), migrate(empty_url, steps.append))
    assert len(steps) == len(set(steps)) >= 1
    assert await is_current(empty_url)


async def test_a_failed_migration_leaves_nothing_behind(empty_url: str) -> None:
    def refuse(_step: str) -> None:
        raise RuntimeError("stop here")

    with pytest.raises(RuntimeError, match="stop here"):
        await migrate(empty_url, refuse)
    assert not await is_current(empty_url)
    await migrate(empty_url)
    assert await is_current(empty_url)


async def test_migrations_and_tables_say_the_same(store_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))

    engine = open_engine(store_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_the_comparison_would_notice(store_url: str) -> None:
    engine = open_engine(store_url)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE staff ADD COLUMN shoe_size INTEGER"))
        seen = await connection.run_sync(lambda c: compare_metadata(MigrationContext.configure(c), metadata))
    await engine.dispose()
    assert [difference[0] for difference in seen] == ["remove_column"]


@pytest.mark.parametrize("table", ["events", "access_entries"])
@pytest.mark.parametrize("change", ["UPDATE {0} SET hearing_id = 'x'", "DELETE FROM {0}"])
async def test_the_database_itself_guards_its_logs(
    store: Store, sitting: Sitting, store_url: str, table: str, change: str
) -> None:
    await store.access.note(
        AccessEntry(at=MORNING, hearing_id=sitting.hearing_id, who="staff:a", name="A", file="f", range_from=0)
    )
    engine = open_engine(store_url)
    with pytest.raises(DBAPIError, match=f"{table} is append-only"):
        async with engine.begin() as connection:
            await connection.execute(text(change.format(table)))
    await engine.dispose()


async def test_only_two_databases_are_spoken() -> None:
    with pytest.raises(ValueError, match="mysql"):
        open_engine("mysql://court")
