"""One store for every test of this folder, twice: on SQLite and on PostgreSQL."""

import asyncio
import shutil
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


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> str:
    """The name of a database with the newest schema, to make copies of."""
    name = postgres_server.make_database()
    asyncio.run(migrate(postgres_server.url(name)))
    return name


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the newest schema, to make copies of."""
    path = tmp_path_factory.mktemp("migrated") / "court.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


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


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, with the newest schema."""
    if request.param == "sqlite":
        copy = shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "court.db")
        yield f"sqlite:///{copy}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.make_database(template=request.getfixturevalue("migrated_postgres"))
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(store_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sitting(store: Store) -> Sitting:
    return await schedule(store)
