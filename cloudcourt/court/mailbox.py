"""One task, one queue: work on a hearing happens strictly one piece after the other."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog

from cloudcourt.domain.errors import CourtError, NotAttached, TooFast

T = TypeVar("T")

log = structlog.get_logger()

CAPACITY = 1_000
"""Letters that may wait; beyond that the sender is refused with TooFast."""


class Mailbox:
    """Carries out posted work in order. `run` is the loop; its owner starts it as a named task."""

    def __init__(self) -> None:
        self._letters: asyncio.Queue[tuple[Callable[[], Awaitable[Any]], asyncio.Future[Any] | None]] = asyncio.Queue(
            CAPACITY
        )
        self._closed = False

    async def ask(self, work: Callable[[], Awaitable[T]]) -> T:
        """Post work and wait for what it returns or raises. Raises TooFast when full, NotAttached when closed."""
        if self._closed:
            raise NotAttached
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._put(work, answer)
        return await answer

    def post(self, work: Callable[[], Awaitable[object]]) -> None:
        """Post work nobody waits for; a failure is logged, a refusal is not. A closed box drops it."""
        if self._closed:
            return
        self._put(work, None)

    async def run(self) -> None:
        while True:
            work, answer = await self._letters.get()
            try:
                result = await work()
            except asyncio.CancelledError:
                if answer is not None:
                    answer.cancel()
                raise
            except Exception as failure:  # noqa: BLE001 - the asker gets it, the room goes on
                _report(failure, answer)
            else:
                if answer is not None and not answer.done():
                    answer.set_result(result)

    def refuse_all(self) -> None:
        """Close the box for good, and cancel what still waits: the room is closing."""
        self._closed = True
        while not self._letters.empty():
            _, answer = self._letters.get_nowait()
            if answer is not None:
                answer.cancel()

    def _put(self, work: Callable[[], Awaitable[Any]], answer: asyncio.Future[Any] | None) -> None:
        try:
            self._letters.put_nowait((work, answer))
        except asyncio.QueueFull:
            raise TooFast from None


def _report(failure: Exception, answer: asyncio.Future[Any] | None) -> None:
    if answer is not None and not answer.done():
        answer.set_exception(failure)
    elif not isinstance(failure, CourtError):
        log.error("work on a hearing failed", exc_info=failure)
