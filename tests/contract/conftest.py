"""One store for every test of this folder, twice: on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from cloudcourt.store.migrate import migrate
from cloudcourt.store.store import Store
from tests.bed.postgres import PostgresServer, running_postgres
from tests.bed.sittings import Sitting, schedule


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Fails, and never skips, where PostgreSQL isn't installed."""
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database in which there is nothing."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'court.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.make_database()
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
async def store_url(empty_url: str) -> str:
    """A database with the newest schema."""
    await migrate(empty_url)
    return empty_url


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(store_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sitting(store: Store) -> Sitting:
    return await schedule(store)
