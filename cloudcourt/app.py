"""The composition root: the one place that knows every adapter.

Shutdown runs in this order: no new joins, each sitting court is suspended on the record, people are told,
forwarding stops, tracks are closed and synced, connections are cut, the store closes.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

import structlog
from aiohttp import web

from cloudcourt.api.application import add_routes
from cloudcourt.api.house import House
from cloudcourt.court.registry import Registry
from cloudcourt.court.relays import TurnRelays
from cloudcourt.court.room import Bench
from cloudcourt.court.timing import Timing
from cloudcourt.documents.qr import svg_address
from cloudcourt.domain.hearing import ENDED
from cloudcourt.domain.ports import MediaListener
from cloudcourt.observability.clock import SystemClock
from cloudcourt.settings import Settings
from cloudcourt.store.migrate import migrate
from cloudcourt.store.store import Store
from media.plane import InProcessMediaPlane
from media.record.record_room import FolderRecordRoom
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
        self._media = InProcessMediaPlane(
            data_dir=settings.data_dir, clock=self._clock, announce_address=settings.announce_address
        )
        self._record_room = FolderRecordRoom(settings.data_dir, self._clock)
        self._switchboard = Switchboard()
        self._registry = Registry(self._bench)
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
            media=self._media,
            media_listener=listener,
            record_room=self._record_room,
            audience=self._switchboard,
            timing=Timing(
                reconnect_grace_s=self._settings.reconnect_grace_s,
                judge_grace_s=self._settings.judge_grace_s,
                restart_grace_s=self._settings.restart_grace_s,
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
            court=self._registry,
            static_dir=_static_dir(),
            public_url=self._settings.public_url,
            link_days=self._settings.link_days,
            qr_svg=svg_address,
            probes=_probes(self._settings, self._store),
            secure_cookies=self._settings.secure_cookies,
            allowed_origins=frozenset(self._settings.allowed_origins),
        )

    async def court_day(self, _: web.Application) -> AsyncIterator[None]:
        """Take up what a stop or a crash left in the middle; at the end, close in the reverse order."""
        await self._registry.take_up_unfinished()
        await _finish_records(self._store, self._registry, self._record_room)
        yield
        await self._media.close()
        await self._record_room.close()
        await self._store.close()

    async def adjourn_all(self, _: web.Application) -> None:
        """Sitting courts are suspended on the record and everyone is told, before any connection is cut."""
        await self._registry.close()
        await self.door.close()


async def _finish_records(store: Store, registry: Registry, record_room: FolderRecordRoom) -> None:
    """Films and manifests that a crash left undone are made now."""
    for summary in await store.cases.hearings():
        if summary.session in ENDED:
            await record_room.finish(await registry.hearing(summary.id))


def _probes(settings: Settings, store: Store) -> Mapping[str, Callable[[], Awaitable[str]]]:
    async def database() -> str:
        await store.ping()
        return "ok"

    async def disk() -> str:
        probe = settings.data_dir / ".writable"
        probe.touch()
        probe.unlink()
        return "ok"

    return {"database": database, "disk": disk}


def _static_dir() -> Path:
    folder = next((folder for folder in STATIC_DIRS if folder.is_dir()), None)
    if folder is None:
        raise FileNotFoundError("the browser's files (static/) are missing from this installation")
    return folder
