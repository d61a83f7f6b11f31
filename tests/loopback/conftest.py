"""One server process for all tests of a module, each with a hearing of its own."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.bed.court_server import CourtServer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[CourtServer]:
    """Its log must hold no traceback at the end."""
    server = CourtServer(tmp_path_factory.mktemp("shared") / "court", media_workers="0", hearings_limit="1000")
    await server.start()
    yield server
    await server.stop()
    assert "Traceback" not in server.log(), server.log()


@pytest.fixture
async def sitting(server: CourtServer) -> dict[str, Any]:
    """A hearing that no other test has: what `CourtServer.demo` answers."""
    return await server.sitting()
