"""The record room: one folder per hearing, its manifest, and the film that is made when the hearing is over."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog
from pydantic import ValidationError

from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import Clock
from cloudcourt.domain.recording import Film, FilmState, Manifest
from cloudcourt.observability.tasks import Crew
from media.record.catalogue import alive, build_manifest
from media.record.film_job import JobFailed, make_film, take_inventory
from media.record.folders import (
    FILM,
    HEARING,
    MANIFEST,
    SAFE_ID,
    TRACK_FILE,
    TRACKS,
    hearing_folder,
    last_written_at,
    write_atomically,
)
from media.record.hearing_facts import hearing_facts
from media.record.inventory import FileFacts
from media.record.sidecar import read_sidecars

log = structlog.get_logger()

_SETTLE_POLL_S = 0.5
_FILMS_AT_ONCE = 1


class FolderRecordRoom:
    """The RecordRoom port on a plain folder. Owns the processes that make films, one at a time."""

    def __init__(
        self, data_dir: Path, clock: Clock, on_film_changed: Callable[[HearingId], None] | None = None
    ) -> None:
        self._data_dir = data_dir
        self._clock = clock
        self._on_film_changed = on_film_changed or (lambda _hearing_id: None)
        self._crew = Crew("record room")
        self._films: dict[HearingId, Film] = {}
        self._jobs: dict[HearingId, asyncio.Task[None]] = {}
        self._turns = asyncio.Semaphore(_FILMS_AT_ONCE)

    async def manifest(self, hearing: Hearing) -> Manifest:
        """What is on the disk now; the sealed manifest once there is one."""
        folder = hearing_folder(self._data_dir, hearing.id)
        sealed = await asyncio.to_thread(_read_sealed, folder)
        film = self._films.get(hearing.id)
        if sealed is not None:
            return sealed if film is None or film.state is FilmState.READY else sealed.model_copy(update={"film": film})
        now = self._clock.now()
        return await asyncio.to_thread(build_manifest, folder, hearing, film or _film_to_come(hearing), now, {})

    async def finish(self, hearing: Hearing) -> None:
        """Start making the film and sealing the manifest, unless that is done or under way."""
        if hearing.opened_at is None or not hearing.is_over or hearing.id in self._jobs:
            return
        folder = hearing_folder(self._data_dir, hearing.id)
        sealed = await asyncio.to_thread(_read_sealed, folder)
        if (sealed is not None and sealed.film.state is FilmState.READY) or hearing.id in self._jobs:
            return
        self._note(hearing.id, Film(state=FilmState.WAITING))
        job = self._crew.start(self._finish(hearing, folder), name=f"finish {hearing.id}")
        self._jobs[hearing.id] = job
        job.add_done_callback(lambda ended: self._ended(hearing.id, ended))

    async def wait_finished(self, hearing_id: HearingId) -> None:
        """Until nothing is being made for this hearing any more."""
        if (job := self._jobs.get(hearing_id)) is not None:
            await asyncio.wait([job])

    def last_written_at(self, hearing_id: HearingId) -> datetime | None:
        """When the newest byte of any track reached the disk."""
        return last_written_at(hearing_folder(self._data_dir, hearing_id))

    def file(self, hearing_id: HearingId, name: str) -> Path | None:
        """The path of a media file or the manifest; None for anything else, links out of the folder included."""
        if not SAFE_ID.fullmatch(hearing_id) or not (name in (FILM, MANIFEST) or TRACK_FILE.fullmatch(name)):
            return None
        path = hearing_folder(self._data_dir, hearing_id) / name
        try:
            real_folder = self._data_dir.resolve(strict=True) / "hearings" / hearing_id
            is_inside = path.resolve(strict=True) == real_folder / name
        except OSError:
            return None
        return path if is_inside and path.is_file() else None

    async def close(self) -> None:
        """Abandon films in the making; they are begun again at the next `finish`."""
        await self._crew.dismiss()

    async def _finish(self, hearing: Hearing, folder: Path) -> None:
        async with self._turns:
            await self._settle(folder)
            facts = hearing_facts(hearing).model_dump_json(indent=1).encode()
            await asyncio.to_thread(_write_facts, folder, facts)
            film = await self._film(hearing.id, folder)
            try:
                files = await take_inventory(folder)
                manifest = await asyncio.to_thread(self._seal, folder, hearing, film, files)
            except (JobFailed, OSError) as failure:
                log.error("record not sealed", hearing_id=hearing.id, reason=str(failure))
                self._note(hearing.id, Film(state=FilmState.FAILED))
            else:
                self._note(hearing.id, manifest.film)

    async def _film(self, hearing_id: HearingId, folder: Path) -> Film:
        self._note(hearing_id, Film(state=FilmState.MAKING))
        try:
            await make_film(folder, lambda progress: self._progress(hearing_id, progress))
        except (JobFailed, OSError) as failure:
            log.error("film failed", hearing_id=hearing_id, reason=str(failure))
            return Film(state=FilmState.FAILED)
        return Film(state=FilmState.READY, progress=1.0, file=FILM)

    def _seal(self, folder: Path, hearing: Hearing, film: Film, files: dict[str, FileFacts]) -> Manifest:
        manifest = build_manifest(folder, hearing, film, self._clock.now(), files)
        write_atomically(folder / MANIFEST, manifest.model_dump_json(indent=1).encode())
        return manifest

    async def _settle(self, folder: Path) -> None:
        """Wait until no writer holds a track open any more."""
        while await asyncio.to_thread(_is_held, folder, self._clock.now()):  # noqa: ASYNC110 - files send no events
            await asyncio.sleep(_SETTLE_POLL_S)

    def _ended(self, hearing_id: HearingId, job: asyncio.Task[None]) -> None:
        self._jobs.pop(hearing_id, None)
        film = self._films.get(hearing_id)
        if not job.cancelled() and film is not None and film.state in (FilmState.WAITING, FilmState.MAKING):
            self._note(hearing_id, Film(state=FilmState.FAILED))

    def _note(self, hearing_id: HearingId, film: Film) -> None:
        self._films[hearing_id] = film
        self._on_film_changed(hearing_id)

    def _progress(self, hearing_id: HearingId, progress: float) -> None:
        self._films[hearing_id] = Film(state=FilmState.MAKING, progress=progress)


def _film_to_come(hearing: Hearing) -> Film:
    return Film(state=FilmState.WAITING if hearing.opened_at is not None else FilmState.NONE)


def _is_held(folder: Path, now: datetime) -> bool:
    return any(alive(sidecar, now) for sidecar in read_sidecars(folder))


def _write_facts(folder: Path, facts: bytes) -> None:
    (folder / TRACKS).mkdir(parents=True, exist_ok=True)
    write_atomically(folder / HEARING, facts)


def _read_sealed(folder: Path) -> Manifest | None:
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return None
    return manifest if manifest.sealed else None
