"""How long the court waits, and the timers that end the waiting."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Grace times in seconds (settings `*_grace_s`)."""

    reconnect_grace_s: float = 20.0
    judge_grace_s: float = 10.0
    restart_grace_s: float = 60.0
    recorder_grace_s: float = 5.0
    weather_every_s: float = 1.0
    checkpoint_every_s: float = 10.0
    log_grace_s: float = 20.0
    """A film does not wait longer for an evidence log that can't be written; the seal does, until the next start."""


class Timers:
    """Named one-shot timers; setting one again replaces it."""

    def __init__(self) -> None:
        self._handles: dict[str, asyncio.TimerHandle] = {}

    def set(self, name: str, delay_s: float, ring: Callable[[], None]) -> None:
        self.clear(name)
        self._handles[name] = asyncio.get_running_loop().call_later(max(0.0, delay_s), ring)

    def is_set(self, name: str) -> bool:
        handle = self._handles.get(name)
        return handle is not None and not handle.cancelled() and handle.when() > asyncio.get_running_loop().time()

    def clear(self, name: str) -> None:
        handle = self._handles.pop(name, None)
        if handle is not None:
            handle.cancel()

    def clear_all(self) -> None:
        for name in tuple(self._handles):
            self.clear(name)
