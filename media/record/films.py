"""The films in the making: one process for each, while the hearing runs and after it, and begun again when it dies."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.recording import Film, FilmState
from cloudcourt.observability.tasks import Crew
from media.record.film_job import JobFailed, make_film
from media.record.folders import FILM

log = structlog.get_logger()

_FIRST_CHUNK_S = 6.0
"""Earlier there is nothing to be made of a hearing that has just begun."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 5.0, 60.0
_TRIES_AFTER_CLOSE = 2


@dataclass
class _Making:
    folder: Path
    is_over: asyncio.Event = field(default_factory=asyncio.Event)
    film: Film = field(default_factory=lambda: Film(state=FilmState.WAITING))
    task: asyncio.Task[Film] | None = None


class Films:
    """As many films are made at once as there are processors; others wait, and are caught up with.

    `on_changed` is told of films whose hearing is over.
    """

    def __init__(self, on_changed: Callable[[HearingId], None]) -> None:
        self._on_changed = on_changed
        self._crew = Crew("films")
        self._making: dict[HearingId, _Making] = {}
        self._turns = asyncio.Semaphore(max(2, os.cpu_count() or 1))

    def follow(self, hearing_id: HearingId, folder: Path) -> None:
        """The hearing has begun: make its film while it runs. Does nothing where that is under way."""
        making = self._making.setdefault(hearing_id, _Making(folder))
        if making.task is None:
            making.task = self._crew.start(self._made(hearing_id, making), name=f"film {hearing_id}")

    def film(self, hearing_id: HearingId) -> Film | None:
        """What has become of it so far; None for films that nobody asked for."""
        making = self._making.get(hearing_id)
        return making.film if making is not None else None

    async def finished(self, hearing_id: HearingId, folder: Path) -> Film:
        """The hearing is over, and `hearing.json` says so: wait for its film."""
        self.follow(hearing_id, folder)
        making = self._making[hearing_id]
        making.is_over.set()
        self._note(hearing_id, making, Film(state=FilmState.MAKING, progress=making.film.progress))
        assert making.task is not None  # noqa: S101 - `follow` made it
        film = await making.task
        del self._making[hearing_id]
        return film

    async def close(self) -> None:
        """Abandon films in the making; they are gone on with at the next start."""
        await self._crew.dismiss()

    async def _made(self, hearing_id: HearingId, making: _Making) -> Film:
        await _passed(making.is_over, _FIRST_CHUNK_S)
        pause_s = _FIRST_PAUSE_S
        failures = 0
        async with self._turns:
            while failures < _TRIES_AFTER_CLOSE:
                was_over = making.is_over.is_set()
                try:
                    await make_film(making.folder, lambda progress: self._progress(making, progress))
                    return Film(state=FilmState.READY, progress=1.0, file=FILM)
                except (JobFailed, OSError) as failure:
                    log.error("film failed", hearing_id=hearing_id, reason=str(failure))
                failures += was_over
                await _passed(making.is_over, pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        return Film(state=FilmState.FAILED)

    def _progress(self, making: _Making, progress: float) -> None:
        if making.is_over.is_set():
            making.film = Film(state=FilmState.MAKING, progress=progress)

    def _note(self, hearing_id: HearingId, making: _Making, film: Film) -> None:
        making.film = film
        self._on_changed(hearing_id)


async def _passed(is_over: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await is_over.wait()
