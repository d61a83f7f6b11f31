"""The pulse between the server and every attached browser.

A WebSocket on a dead network stays "open" for half a minute, and engine.io's own ping needs ten seconds to notice.
A court can't wait that long to see that a seat is empty.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

from signaling.session import Session

BEAT_EVERY_S = 0.4
SILENT_AFTER_S = 3.0
"""A client answers at least about once a second; after this long without a word its network is dead."""


class Heartbeat:
    """Sends beats and notices silence; `lose` is called once for each session that has fallen silent."""

    def __init__(
        self,
        attached: Callable[[], Iterable[Session]],
        send: Callable[[list[Session], int], Awaitable[None]],
        lose: Callable[[Session], None],
    ) -> None:
        self._attached = attached
        self._send = send
        self._lose = lose
        self._number = 0
        self._beaten_at = time.monotonic()

    async def run(self) -> None:
        """The beating loop; its owner starts it as a named task."""
        while True:
            await asyncio.sleep(BEAT_EVERY_S)
            await self.beat(time.monotonic())

    async def beat(self, now: float) -> None:
        """One beat at the monotonic time `now`, in seconds."""
        late_s = now - self._beaten_at - BEAT_EVERY_S
        self._beaten_at = now
        self._number += 1
        living: list[Session] = []
        for session in tuple(self._attached()):
            if late_s > BEAT_EVERY_S:
                session.heard_at += late_s  # it was we who slept: the answers still lie unread
            if now - session.heard_at > SILENT_AFTER_S:
                self._lose(session)
            else:
                living.append(session)
        await self._send(living, self._number)
