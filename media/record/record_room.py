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
from media.record.disk import release
from media.record.film_job import JobFailed, make_film, rebuild_torn, take_inventory
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
from media.record.sealing import Sealer
from media.record.sidecar import read_sidecars

log = structlog.get_logger()

_SETTLE_POLL_S = 0.5
_FILMS_AT_ONCE = 1


class FolderRecordRoom:
    """The RecordRoom port on a plain folder. Owns the processes that make films, one at a time."""

    def __init__(
        self,
        data_dir: Path,
        clock: Clock,
        on_film_changed: Callable[[HearingId], None] | None = None,
        sealer: Sealer | None = None,
    ) -> None:
        self._data_dir = data_dir
        self._clock = clock
        self._on_film_changed = on_film_changed or (lambda _hearing_id: None)
        self._sealer = sealer
        self._crew = Crew("record room")
        self._films: dict[HearingId, Film] = {}
        self._jobs: dict[HearingId, asyncio.Task[None]] = {}
        self._stamps: dict[HearingId, asyncio.Task[None]] = {}
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
        has_record = hearing.opened_at is not None or self._sealer_of(hearing.id) is not None
        if not has_record or not hearing.is_over or hearing.id in self._jobs:
            return
        folder = hearing_folder(self._data_dir, hearing.id)
        if await asyncio.to_thread(self._is_whole, hearing.id, folder):
            self._stamp(hearing.id, folder)
            return
        if hearing.id in self._jobs:
            return
        self._note(hearing.id, Film(state=FilmState.WAITING))
        job = self._crew.start(self._finish(hearing, folder), name=f"finish {hearing.id}")
        self._jobs[hearing.id] = job
        job.add_done_callback(lambda ended: self._ended(hearing.id, ended))

    def has_unsealed_log(self, hearing_id: HearingId) -> bool:
        """True where an evidence log was begun that is not sealed yet."""
        sealer = self._sealer_of(hearing_id)
        return sealer is not None and not sealer.is_sealed(hearing_folder(self._data_dir, hearing_id))

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
            sealer = self._sealer_of(hearing.id)
            try:
                manifest = await asyncio.to_thread(_read_sealed, folder)
                is_ready = manifest is not None and manifest.film.state is FilmState.READY
                await asyncio.to_thread(release, folder)
                if manifest is None or not (is_ready or (sealer and await sealer.has_begun(hearing))):
                    await _made_whole(hearing.id, folder)
                    manifest = await self._described(hearing, folder, film_tries=2 if sealer else 1)
                self._note(hearing.id, manifest.film)
                if sealer is not None:
                    await sealer.seal(hearing, folder, manifest)
                    self._stamp(hearing.id, folder)
            except (JobFailed, OSError, ValueError) as failure:
                log.error("record not sealed", hearing_id=hearing.id, reason=str(failure))
                film = self._films.get(hearing.id)
                if film is None or film.state is not FilmState.READY:
                    self._note(hearing.id, Film(state=FilmState.FAILED))

    async def _described(self, hearing: Hearing, folder: Path, film_tries: int) -> Manifest:
        """Make the film and write the manifest. Once sealed, nothing is added: the film is tried more than once."""
        facts = hearing_facts(hearing).model_dump_json(indent=1).encode()
        await asyncio.to_thread(_write_facts, folder, facts)
        film = Film() if hearing.opened_at is None else await self._film(hearing.id, folder)
        while film.state is FilmState.FAILED and (film_tries := film_tries - 1):
            film = await self._film(hearing.id, folder)
        files = await take_inventory(folder)
        return await asyncio.to_thread(self._seal, folder, hearing, film, files)

    def _sealer_of(self, hearing_id: HearingId) -> Sealer | None:
        """None for records without a log, which nothing can seal."""
        return self._sealer if self._sealer is not None and self._sealer.has_log(hearing_id) else None

    def _is_whole(self, hearing_id: HearingId, folder: Path) -> bool:
        sealer = self._sealer_of(hearing_id)
        if sealer is not None:
            return sealer.is_sealed(folder)
        manifest = _read_sealed(folder)
        return manifest is not None and manifest.film.state is FilmState.READY

    def _stamp(self, hearing_id: HearingId, folder: Path) -> None:
        """Ask for the outside time until it is there; the record is sealed without it."""
        if self._sealer is not None and hearing_id not in self._stamps:
            task = self._crew.start(self._sealer.stamp(folder), name=f"stamp {hearing_id}")
            self._stamps[hearing_id] = task
            task.add_done_callback(lambda _: self._stamps.pop(hearing_id, None))

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


async def _made_whole(hearing_id: HearingId, folder: Path) -> None:
    """Close what a crash tore in the journal, and make torn tracks anew from it; if that fails, the torn ones do."""
    try:
        await rebuild_torn(folder)
    except JobFailed as failure:
        log.error("torn tracks not made anew", hearing_id=hearing_id, reason=str(failure))


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
