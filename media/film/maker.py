"""Makes the film of a hearing while it runs: chunk after chunk behind what is written, and `composite.mp4` at the end.

Killed at any moment and started again, it goes on behind the last finished chunk.
"""

import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import disk_usage

from cloudcourt.domain.ports import Clock
from media.film.camera import Camera
from media.film.chapters import chapters
from media.film.joining import join
from media.film.program import FRAME_MS, Program, locked
from media.film.readiness import Written
from media.film.timeline import Section, Take, chunks
from media.record.film_made import FilmMade, read_made, write_made
from media.record.folders import FILM, HEARING
from media.record.hearing_facts import HearingFacts

_POLL_S = 0.5
_JOINED_SHARE = 0.9
_MIB = 1024 * 1024
_FREE_WHILE_RECORDING_BYTES, _LEAST_FREE_BYTES = 512 * _MIB, 32 * _MIB
"""With less room the film waits for the hearing's end, or isn't made: the record goes first."""
Pause = Callable[[float], None]
"""Waits so many seconds, 0 included. Raises whatever is to end the making."""


def make_film(folder: Path, clock: Clock, on_progress: Callable[[float], None], pause: Pause) -> Path:
    """Follow the hearing to its end as `hearing.json` tells of it, and join what was made. Idempotent.

    `on_progress` is told the share that is done, from 0 to 1, also while nothing new is done. Raises OSError,
    av.FFmpegError, and ValueError for a `hearing.json` that can't be read or a hearing without anything to show.
    """
    with locked(folder, pause):
        facts = _Facts(folder)
        while not facts.is_there():
            pause(_POLL_S)
        facts.look()
        if _is_made(folder, facts.now):
            on_progress(1.0)
            return folder / FILM
        program = Program(folder, facts.now.hearing_id)
        making = _Making(folder, program, facts, clock)
        try:
            while (share := making.turn()) is not None:
                on_progress(round(share, 4))
                pause(making.rest_s)
        finally:
            making.close()
        _finish(folder, program, facts.now, on_progress)
        return folder / FILM


def _is_made(folder: Path, facts: HearingFacts) -> bool:
    made = read_made(folder)
    return made is not None and facts.ended_at is not None and made.duration_ms == _length_ms(facts)


def _length_ms(facts: HearingFacts) -> int:
    return sum(section.frames for section in chunks(facts)) * FRAME_MS


def _finish(folder: Path, program: Program, facts: HearingFacts, on_progress: Callable[[float], None]) -> None:
    if not program.lines or facts.ended_at is None:
        raise ValueError("there is nothing to show")
    named = chapters(folder, facts, facts.ended_at)
    count = len(program.lines)
    join(folder, program, named, lambda number: on_progress(_JOINED_SHARE + (0.99 - _JOINED_SHARE) * number / count))
    made = FilmMade(
        hearing=facts.hearing_id,
        bytes=(folder / FILM).stat().st_size,
        duration_ms=program.lines[-1].ends_ms,
        chapters=named,
    )
    write_made(folder, made)
    program.clear()
    on_progress(1.0)


class _Facts:
    """`hearing.json`, read again when it is another file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / HEARING
        self._read: tuple[int, int] | None = None
        self.now: HearingFacts

    def is_there(self) -> bool:
        return self._path.exists()

    def look(self) -> bool:
        """True when it tells something else than before. Raises OSError, ValueError."""
        stat = self._path.stat()
        if self._read == (stat.st_ino, stat.st_mtime_ns):
            return False
        before = self.now if self._read else None
        self.now = HearingFacts.model_validate_json(self._path.read_bytes())
        self._read = stat.st_ino, stat.st_mtime_ns
        return before != self.now


class _Making:
    """Turns of work: each makes one chunk, or finds that there is none to make yet."""

    def __init__(self, folder: Path, program: Program, facts: _Facts, clock: Clock) -> None:
        self.rest_s = 0.0
        """For how long the next turn has nothing to do."""
        self._folder, self._program, self._facts, self._clock = folder, program, facts, clock
        self._written = Written(folder)
        self._camera: Camera | None = None
        self._plan: Iterator[Section] = iter(())
        self._next: Section | None = None
        self._total_ms = 0
        self._look_ahead()

    def turn(self) -> float | None:
        """The share of the film that is done so far; None when all chunks are made."""
        if self._facts.look():
            self._look_ahead()
        self.rest_s = 0.0
        if self._next is None:
            if self._facts.now.ended_at is not None:
                return None
            self.rest_s = _POLL_S
        elif self._is_ready(self._next):
            self._make(self._next)
        else:
            self.rest_s = _POLL_S
        return self._share()

    def close(self) -> None:
        """Let all files go."""
        self._written.close()
        self._let_camera_go()

    def _look_ahead(self) -> None:
        """Keep what was made as far as it is what the film has to show, and see what comes next."""
        facts, lines = self._facts.now, self._program.lines
        plan = chunks(facts)
        kept = 0
        self._next = next(plan, None)
        while self._next is not None and kept < len(lines) and lines[kept].is_of(self._next):
            kept += 1
            self._next = next(plan, None)
        if kept < len(lines):
            self._program.cut(kept)
            self._let_camera_go()
        self._plan = plan
        self._total_ms = _length_ms(facts) if facts.ended_at is not None else 0

    def _is_ready(self, section: Section) -> bool:
        """True when what the section shows is written, and the disk has room for more than the record."""
        is_over = self._facts.now.ended_at is not None
        free = disk_usage(self._folder).free
        if is_over and free < _LEAST_FREE_BYTES:
            raise OSError(errno.ENOSPC, "kept free for the seal")
        if not is_over and free < _FREE_WHILE_RECORDING_BYTES:
            return False
        if not isinstance(section, Take):
            return True
        return self._written.reaches(section.ended_ns, self._clock.now(), is_over=is_over)

    def _make(self, section: Section) -> None:
        camera = self._camera = self._camera or Camera.behind(self._folder, self._facts.now, self._program.lines)
        following = next(self._plan, None)
        is_last = following is None and self._facts.now.ended_at is not None
        line, content = camera.shoot(section, self._facts.now, self._clock, is_last=is_last)
        self._program.add(line, content)
        self._next = following

    def _share(self) -> float:
        made_ms = self._program.lines[-1].ends_ms if self._program.lines else 0
        return _JOINED_SHARE * min(1.0, made_ms / self._total_ms) if self._total_ms else 0.0

    def _let_camera_go(self) -> None:
        if self._camera is not None:
            self._camera.close()
        self._camera = None
