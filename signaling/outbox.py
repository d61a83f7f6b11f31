"""One bounded queue to one participant: the record's messages in order, the weather only when there is room."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import NamedTuple

WINDOW = 32
"""Messages on their way that the client has not acknowledged yet."""

CAPACITY = 1_000
"""Messages that may wait for the window; one more and the connection is cut: the client resumes."""


class Sealed(NamedTuple):
    """A message ready to go."""

    event: str
    payload: dict[str, object]


class Outbox:
    """Sends in order, at most `WINDOW` unacknowledged; `overflow` is called once when a client can't keep up."""

    def __init__(
        self,
        send: Callable[[str, dict[str, object], Callable[[], None] | None], Awaitable[None]],
        overflow: Callable[[], None],
    ) -> None:
        self._send = send
        self._overflow = overflow
        self._waiting: deque[Sealed] = deque()
        self._on_the_way = 0
        self._is_cut = False
        self._stirred = asyncio.Event()

    def put(self, event: str, payload: dict[str, object]) -> None:
        """Queue a message that must arrive."""
        if self._is_cut:
            return
        if len(self._waiting) >= CAPACITY:
            self._is_cut = True
            self._waiting.clear()
            self._overflow()
            return
        self._waiting.append(Sealed(event, payload))
        self._stirred.set()

    def put_if_idle(self, event: str, payload: dict[str, object]) -> None:
        """Queue a message that is dropped while anything else still waits."""
        if not self._waiting and self._on_the_way < WINDOW and not self._is_cut:
            self.put(event, payload)

    async def run(self) -> None:
        """The sending loop; its owner starts it as a named task."""
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            while self._waiting and self._on_the_way < WINDOW:
                message = self._waiting.popleft()
                self._on_the_way += 1
                await self._send(message.event, message.payload, self._acknowledged)

    def _acknowledged(self) -> None:
        self._on_the_way -= 1
        self._stirred.set()
