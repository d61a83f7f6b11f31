"""What holds for every test: how properties are judged, and which tests have the machine to themselves.

A property is judged by what it finds, never by how long one example took. On two cores (`pytest -n 2`) tests run side
by side, but those that depend on time run alone, after all others: every browser test, and what is marked `alone`.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")

HAS_COMPANY = "PYTEST_XDIST_WORKER" in os.environ


def is_alone(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("e2e", "alone"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=is_alone)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Waits before the test's clock starts."""
    with its_turn(alone=is_alone(item)):
        return (yield)


@contextmanager
def its_turn(*, alone: bool) -> Generator[None]:
    """Side by side with the tests of other workers, or when none of them runs."""
    if not HAS_COMPANY:
        yield
        return
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
