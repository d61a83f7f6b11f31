"""The composition root: the one place that knows every adapter.

Shutdown runs in this order: no new joins, each sitting court is suspended on the record, people are told,
forwarding stops, tracks are closed and synced, connections are cut, the store closes.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from aiohttp import web

from cloudcourt.api.application import add_routes
from cloudcourt.api.house import House
from cloudcourt.court.bench import Bench
from cloudcourt.court.record_keeper import RecordKeeper
from cloudcourt.court.registry import Registry
from cloudcourt.court.relays import TurnRelays
from cloudcourt.court.retention import RetentionJob
from cloudcourt.court.timing import Timing
from cloudcourt.documents.code_desk import CodeDesk
from cloudcourt.documents.exhibit_shelf import FolderExhibitShelf
from cloudcourt.documents.qr import svg_address
from cloudcourt.documents.snapshots import FolderSnapshots
from cloudcourt.domain.hearing import ENDED
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import Clock, MediaListener, MediaPlane
from cloudcourt.domain.retention import DataClass
from cloudcourt.observability.clock import SystemClock
from cloudcourt.observability.metrics import WorkerFigures
from cloudcourt.observability.tasks import Crew
from cloudcourt.settings import Settings
from cloudcourt.store.condition_log import FolderConditionLog
from cloudcourt.store.migrate import migrate
from cloudcourt.store.store import Store
from media.confidence.written_sound import ListeningProcess
from media.copies.copy_room import FolderCopyRoom
from media.copies.redaction_room import FolderRedactionRoom
from media.copies.withheld_room import FolderWithheldRoom
from media.options import MediaOptions
from media.plane import InProcessMediaPlane
from media.record.countersignatures import CountersignatureBook
from media.record.court_key import CourtKey
from media.record.destruction import FolderDestroyer
from media.record.orders import FolderOrderLedger
from media.record.program import FolderProgram
from media.record.proposals import FolderProposalBook
from media.record.record_log import FolderRecordLog
from media.record.record_room import FolderRecordRoom
from media.record.sealing import Sealer
from media.record.time_authority import TimeAuthority
from media.worker.pool import WorkerMediaPlane
from signaling.server import SignalingDoor
from signaling.switchboard import Switchboard

log = structlog.get_logger()

STATIC_DIRS = (Path(__file__).parent / "_static", Path(__file__).parent.parent / "static")
"""Where the browser's files are: inside an installed wheel, or beside the packages in a checkout."""


async def open_store(settings: Settings, on_step: Callable[[str], None] | None = None) -> Store:
    """Bring the database up to date and open it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    await migrate(settings.store_url, on_step)
    return await Store.open(settings.store_url)


async def build_app(settings: Settings) -> web.Application:
    """Wire every adapter into one aiohttp application, ready to be served."""
    building = Building(settings, await open_store(settings))
    app = web.Application()
    add_routes(app, building.house())
    building.door.attach_to(app)
    app.cleanup_ctx.append(building.court_day)
    app.on_shutdown.append(building.adjourn_all)
    return app


class Building:
    """Every adapter of one server, and how their day begins and ends."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._clock = SystemClock()
        self._media = _media_house(settings, self._clock)
        self._court_key = CourtKey.at(settings.data_dir)
        self._evidence = FolderRecordLog(settings.data_dir, self._clock, self._court_key)
        self._seals = CountersignatureBook(settings.data_dir, self._clock, self._court_key)
        authority = TimeAuthority(settings.timestamp_url, self._court_key) if settings.timestamp_url else None
        sealer = Sealer(self._evidence, self._clock, authority)
        self._record_room = FolderRecordRoom(settings.data_dir, self._clock, self._film_changed, sealer)
        self._copies = FolderCopyRoom(settings.data_dir, self._clock)
        self._withheld = FolderWithheldRoom(settings.data_dir)
        self._redactions = FolderRedactionRoom(settings.data_dir, self._clock, self._court_key)
        self._written = ListeningProcess(settings.data_dir, self._clock)
        self._identity = CodeDesk(settings.data_dir)
        self._retention = retention_job(settings, store, self._clock, self._court_key)
        self._crew = Crew("building")
        self._switchboard = Switchboard()
        self._registry = Registry(self._bench)
        self._keeper = RecordKeeper(store.records, self._record_room, self._registry.hearing)
        secret = settings.turn_secret.get_secret_value() if settings.turn_secret else None
        self.door = SignalingDoor(
            store.links,
            self._clock,
            self._switchboard,
            self._registry,
            frozenset(settings.allowed_origins),
            TurnRelays(settings.turn_urls, secret, settings.turn_credential_s),
        )

    def _bench(self, listener: MediaListener) -> Bench:
        return Bench(
            clock=self._clock,
            record=self._store.record,
            links=self._store.links,
            media=self._media.plane,
            media_listener=listener,
            record_room=self._record_room,
            evidence=self._evidence,
            written=self._written,
            audience=self._switchboard,
            identity=self._identity,
            conditions=FolderConditionLog(self._settings.data_dir),
            timing=Timing(
                reconnect_grace_s=self._settings.reconnect_grace_s,
                judge_grace_s=self._settings.judge_grace_s,
                restart_grace_s=self._settings.restart_grace_s,
                recorder_grace_s=self._settings.recorder_grace_s,
            ),
        )

    def house(self) -> House:
        """What the HTTP door needs."""
        return House(
            clock=self._clock,
            cases=self._store.cases,
            links=self._store.links,
            staff=self._store.staff,
            access=self._store.access,
            record_room=self._record_room,
            log=self._store.record,
            records=self._store.records,
            copies=self._copies,
            orders=FolderOrderLedger(self._settings.data_dir, self._clock, self._court_key),
            destroyer=FolderDestroyer(self._settings.data_dir, self._clock, self._court_key),
            proposals=FolderProposalBook(self._settings.data_dir, self._clock),
            withheld=self._withheld,
            redactions=self._redactions,
            program=FolderProgram(self._settings.data_dir),
            gallery_delay_s=self._settings.gallery_delay_s,
            gallery_seats=self._settings.gallery_seats,
            seals=self._seals,
            court_key=self._court_key.public,
            court=self._registry,
            static_dir=_static_dir(),
            public_url=self._settings.public_url,
            check_in=self._settings.check_in,
            retention=self._settings.retention,
            identity=self._identity,
            snapshots=FolderSnapshots(self._settings.data_dir),
            exhibits=FolderExhibitShelf(
                self._settings.data_dir, self._settings.exhibit_mib << 20, self._settings.exhibit_pages
            ),
            link_days=self._settings.link_days,
            qr_svg=svg_address,
            probes=_probes(self._settings, self._store, self._media),
            media_ports=self._media.ports,
            media_figures=self._media.figures,
            secure_cookies=self._settings.secure_cookies,
            allowed_origins=frozenset(self._settings.allowed_origins),
        )

    def _film_changed(self, hearing_id: HearingId) -> None:
        self._keeper.film_changed(hearing_id)

    async def court_day(self, _: web.Application) -> AsyncIterator[None]:
        """Take up what a stop or a crash left in the middle; at the end, close in the reverse order.

        Raises MediaUnavailable or OSError when there is no live media to be had.
        """
        try:
            await self._media.start()
            await self._registry.take_up_unfinished()
            await _finish_records(self._store, self._registry)
            await self._keeper.take_up_unsettled()
            self._crew.start(self._retention.daily(), name="retention")
            yield
        finally:
            await self._crew.dismiss()
            await self._media.close()
            await self._written.close()
            await self._record_room.close()
            await self._copies.close()
            await self._withheld.close()
            await self._redactions.close()
            await self._keeper.close()
            await self._store.close()

    async def adjourn_all(self, _: web.Application) -> None:
        """Sitting courts are suspended on the record and everyone is told, before any connection is cut."""
        await self._registry.close()
        await self.door.close()


@dataclass(frozen=True)
class MediaHouse:
    """Either media plane: the port that the court uses, and what its operator does and asks."""

    plane: MediaPlane
    start: Callable[[], Awaitable[None]]
    close: Callable[[], Awaitable[None]]
    state: Callable[[], str]
    """`ok`, `degraded` or `down`."""
    ports: Callable[[], str]
    figures: Callable[[], Sequence[WorkerFigures]]


def _media_house(settings: Settings, clock: Clock) -> MediaHouse:
    options = MediaOptions(
        port=settings.media_port,
        tcp=settings.media_tcp,
        announce_address=settings.announce_address,
        booked_minutes=settings.booked_minutes,
    )
    if settings.media_workers:
        pool = WorkerMediaPlane(
            data_dir=settings.data_dir,
            clock=clock,
            options=options,
            workers=settings.media_workers,
            hearings_limit=settings.hearings_limit,
            log_level=settings.log_level,
        )
        return MediaHouse(pool, pool.start, pool.close, pool.state, pool.ports_in_use, pool.figures)
    plane = InProcessMediaPlane(data_dir=settings.data_dir, clock=clock, options=options)

    def figures() -> tuple[WorkerFigures, ...]:
        return (WorkerFigures("0", is_up=True, restarts=0, cpu_share=0.0, facts=plane.snapshot()),)

    return MediaHouse(plane, plane.start, plane.close, lambda: "ok", plane.ports_in_use, figures)


def retention_job(settings: Settings, store: Store, clock: Clock, court_key: CourtKey) -> RetentionJob:
    """What removes that which is due; it is the same for the server and the command line."""
    return RetentionJob(
        clock=clock,
        cases=store.cases,
        record=store.record,
        links=store.links,
        orders=FolderOrderLedger(settings.data_dir, clock, court_key),
        destroyer=FolderDestroyer(settings.data_dir, clock, court_key),
        shelves={
            DataClass.DIAGNOSTICS: (FolderConditionLog(settings.data_dir), settings.condition_days),
            DataClass.IDENTITY: (FolderSnapshots(settings.data_dir), settings.snapshot_days),
        },
    )


async def _finish_records(store: Store, registry: Registry) -> None:
    """Films, manifests and seals that a crash left undone are made now."""
    for summary in await store.cases.hearings():
        if summary.session in ENDED:
            await registry.finish_record(summary.id)


def _probes(settings: Settings, store: Store, media: MediaHouse) -> Mapping[str, Callable[[], Awaitable[str]]]:
    async def database() -> str:
        await store.ping()
        return "ok"

    async def disk() -> str:
        probe = settings.data_dir / ".writable"
        probe.touch()
        probe.unlink()
        return "ok"

    async def live_media() -> str:
        return media.state()

    return {"database": database, "disk": disk, "media": live_media}


def _static_dir() -> Path:
    folder = next((folder for folder in STATIC_DIRS if folder.is_dir()), None)
    if folder is None:
        raise FileNotFoundError("the browser's files (static/) are missing from this installation")
    return folder
