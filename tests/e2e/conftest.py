"""A running court and people in real browsers, for one test at a time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright

from tests.bed.browsers import Person, enters
from tests.bed.court_server import CourtServer
from tests.bed.firefox import FirefoxPerson

Enter = Callable[..., Awaitable[Person]]
EnterByFirefox = Callable[..., Awaitable[FirefoxPerson]]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[CourtServer]:
    """Started for the test; its log must hold no traceback at the end."""
    server = CourtServer(tmp_path / "court")
    await server.start()
    yield server
    await server.stop()
    assert "Traceback" not in server.log(), server.log()


@pytest.fixture
async def enter(tmp_path: Path) -> AsyncIterator[Enter]:
    """`await enter("defendant", phone=True)`: a browser for one person, closed after the test."""
    async with AsyncExitStack() as doors, async_playwright() as playwright:

        async def one(role: str, **wishes: object) -> Person:
            person = await enters(playwright, role, tmp_path, **wishes)  # type: ignore[arg-type]
            doors.push_async_callback(person.close)
            return person

        yield one
        await doors.aclose()


@pytest.fixture
async def enter_by_firefox(tmp_path: Path) -> AsyncIterator[EnterByFirefox]:
    """`await enter_by_firefox("defendant")`: a Firefox for one person, closed after the test."""
    async with AsyncExitStack() as doors:

        async def one(role: str, **wishes: Any) -> FirefoxPerson:
            person = FirefoxPerson(role)
            doors.push_async_callback(person.close)
            await person.start(tmp_path, **wishes)
            return person

        yield one
