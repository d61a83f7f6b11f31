"""Asking a picture's source for key frames: one request serves everybody who wants one."""

import asyncio
import time
from collections.abc import Callable

from media.engine.incoming import Incoming

KEY_FRAME_EVERY_NS = 500_000_000
"""One picture-loss indication per stream in this time, however many viewers ask."""


class KeyFrameAsker:
    """Belongs to one stream; `ask` sends one picture-loss indication."""

    def __init__(self, stream: Incoming, ask: Callable[[Incoming], None]) -> None:
        self._stream, self._ask = stream, ask
        self._asked_ns = 0
        self._timer: asyncio.TimerHandle | None = None

    def wish(self) -> None:
        """Ask now, or once KEY_FRAME_EVERY_NS have passed since the last request.

        Whoever asks while one is on its way is served by that one.
        """
        if self._timer is not None:
            return
        wait_ns = self._asked_ns + KEY_FRAME_EVERY_NS - time.monotonic_ns()
        if wait_ns <= 0:
            self._send()
        elif not self._stream.key_frame_due:
            self._timer = asyncio.get_running_loop().call_later(wait_ns / 1e9, self._send)

    def _send(self) -> None:
        self._timer = None
        self._asked_ns = time.monotonic_ns()
        self._stream.key_frame_due = True
        self._ask(self._stream)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
