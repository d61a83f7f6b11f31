"""The record room: one folder per hearing, its manifest and seal, and the film, which nothing waits for."""

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
from media.record.film_file import read_film
from media.record.film_job import JobFailed, rebuild_torn, take_inventory
from media.record.film_made import read_made
from media.record.films import Films
from media.record.folders import (
    FILM,
    MANIFEST,
    SAFE_ID,
    TRACK_FILE,
    hearing_folder,
    last_written_at,
    write_atomically,
)
from media.record.hearing_file import HearingFile
from media.record.inventory import FileFacts
from media.record.sealing import Sealer
from media.record.sidecar import read_sidecars

log = structlog.get_logger()

_SETTLE_POLL_S = 0.5
_SEALS_AT_ONCE = 2


class FolderRecordRoom:
    """The RecordRoom port on a plain folder. Owns the processes that make films, and those behind a seal."""

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
        self._making = Films(self._on_film_changed)
        self._films: dict[HearingId, Film] = {}
        """Of hearings that are over: what is known of their films when none is being made."""
        self._files: dict[HearingId, HearingFile] = {}
        self._jobs: dict[HearingId, asyncio.Task[None]] = {}
        self._stamps: dict[HearingId, asyncio.Task[None]] = {}
        self._turns = asyncio.Semaphore(_SEALS_AT_ONCE)

    async def manifest(self, hearing: Hearing) -> Manifest:
        """What is on the disk now; the sealed manifest once there is one."""
        folder = hearing_folder(self._data_dir, hearing.id)
        sealed = await asyncio.to_thread(_read_sealed, folder)
        film = (self._making.film(hearing.id) if hearing.is_over else None) or self._films.get(hearing.id)
        if sealed is not None:
            film = film or await asyncio.to_thread(_film_made, folder)
            return sealed if film is None else sealed.model_copy(update={"film": film})
        now = self._clock.now()
        return await asyncio.to_thread(build_manifest, folder, hearing, film or _film_to_come(hearing), now, None)

    def follow(self, hearing: Hearing) -> None:
        """The hearing stands so now: its film is made meanwhile. Returns at once."""
        if hearing.opened_at is not None:
            self._crew.start(self._follow(hearing), name=f"follow {hearing.id}")

    async def finish(self, hearing: Hearing) -> None:
        """Start sealing the record, and finish its film, unless that is done or under way."""
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
        """Abandon what is in the making; it is gone on with at the next `follow` or `finish`."""
        await self._crew.dismiss()
        await self._making.close()

    async def _follow(self, hearing: Hearing) -> None:
        folder = hearing_folder(self._data_dir, hearing.id)
        try:
            await self._file_of(hearing.id, folder).write(hearing)
        except OSError as failure:
            log.error("hearing.json not written", hearing_id=hearing.id, reason=str(failure))
            return
        if not hearing.is_over:
            self._making.follow(hearing.id, folder)

    def _file_of(self, hearing_id: HearingId, folder: Path) -> HearingFile:
        return self._files.setdefault(hearing_id, HearingFile(folder))

    async def _finish(self, hearing: Hearing, folder: Path) -> None:
        sealer = self._sealer_of(hearing.id)
        try:
            described = await asyncio.to_thread(_read_sealed, folder) is not None
            has_begun = described and sealer is not None and await sealer.has_begun(hearing)
            if not has_begun:
                await self._file_of(hearing.id, folder).write(hearing)
                await self._make_whole(hearing, folder)
        except (OSError, ValueError) as failure:
            log.error("record not sealed", hearing_id=hearing.id, reason=str(failure))
            self._note(hearing.id, Film(state=FilmState.FAILED))
            return
        if sealer is not None:
            await self._seal(hearing, folder, sealer, has_begun=has_begun)
        if hearing.opened_at is None:
            self._note(hearing.id, Film())
            return
        film = await self._making.finished(hearing.id, folder)
        try:
            film = await self._told_of(hearing, folder, film, sealer)
        except (JobFailed, OSError, ValueError) as failure:
            log.error("film not accounted for", hearing_id=hearing.id, reason=str(failure))
        self._note(hearing.id, film)

    async def _make_whole(self, hearing: Hearing, folder: Path) -> None:
        """Close what a crash tore in the journal, and make torn tracks anew; if that fails, the torn ones do."""
        try:
            await self._settle(folder)
            await asyncio.to_thread(release, folder)
            await rebuild_torn(folder)
        except (JobFailed, OSError) as failure:
            log.error("torn tracks not made anew", hearing_id=hearing.id, reason=str(failure))

    async def _seal(self, hearing: Hearing, folder: Path, sealer: Sealer, *, has_begun: bool) -> None:
        """The film is not waited for. Once the seal is begun, what it is of doesn't change any more."""
        try:
            async with self._turns:
                manifest = await asyncio.to_thread(_read_sealed, folder)
                if manifest is None or not has_begun:
                    manifest = await self._described(hearing, folder, _film_to_come(hearing))
                await sealer.seal(hearing, folder, manifest)
        except (JobFailed, OSError, ValueError) as failure:
            log.error("record not sealed", hearing_id=hearing.id, reason=str(failure))
        else:
            self._stamp(hearing.id, folder)

    async def _told_of(self, hearing: Hearing, folder: Path, film: Film, sealer: Sealer | None) -> Film:
        """The film with what it measures, signed for by the court; without a log it goes into the manifest."""
        if sealer is None:
            return (await self._described(hearing, folder, film)).film
        measured = (await take_inventory(folder, FILM))[FILM] if film.state is FilmState.READY else None
        made = await asyncio.to_thread(read_made, folder)
        signed = await asyncio.to_thread(sealer.sign_film, folder, measured, made.chapters if made else ())
        return film if signed is None else signed.film()

    async def _described(self, hearing: Hearing, folder: Path, film: Film) -> Manifest:
        files = await take_inventory(folder)
        return await asyncio.to_thread(self._write_manifest, folder, hearing, film, files)

    def _sealer_of(self, hearing_id: HearingId) -> Sealer | None:
        """None for records without a log, which nothing can seal."""
        return self._sealer if self._sealer is not None and self._sealer.has_log(hearing_id) else None

    def _is_whole(self, hearing_id: HearingId, folder: Path) -> bool:
        sealer = self._sealer_of(hearing_id)
        if sealer is not None and not sealer.is_sealed(folder):
            return False
        manifest = _read_sealed(folder)
        film = _film_made(folder) or (manifest.film if manifest is not None else None)
        return film is not None and film.state in (FilmState.READY, FilmState.NONE)

    def _stamp(self, hearing_id: HearingId, folder: Path) -> None:
        """Ask for the outside time until it is there; the record is sealed without it."""
        if self._sealer is not None and hearing_id not in self._stamps:
            task = self._crew.start(self._sealer.stamp(folder), name=f"stamp {hearing_id}")
            self._stamps[hearing_id] = task
            task.add_done_callback(lambda _: self._stamps.pop(hearing_id, None))

    def _write_manifest(self, folder: Path, hearing: Hearing, film: Film, files: dict[str, FileFacts]) -> Manifest:
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


def _film_to_come(hearing: Hearing) -> Film:
    return Film(state=FilmState.WAITING if hearing.opened_at is not None else FilmState.NONE)


def _is_held(folder: Path, now: datetime) -> bool:
    return any(alive(sidecar, now) for sidecar in read_sidecars(folder))


def _film_made(folder: Path) -> Film | None:
    """What the court signed of the film; none, and none to come, where it was destroyed by rule."""
    statement = read_film(folder)
    if statement is not None and statement.file is not None and not (folder / statement.file).is_file():
        return Film()
    return statement.film() if statement is not None else None


def _read_sealed(folder: Path) -> Manifest | None:
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return None
    return manifest if manifest.sealed else None
