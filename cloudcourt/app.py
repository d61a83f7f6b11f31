"""The composition root: the one place that knows every adapter.

Shutdown runs in this order: no new joins, each sitting court is suspended on the record, people are told,
forwarding stops, tracks are closed and synced, connections are cut, the store closes.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import structlog
from aiohttp import web
from media.plane import InProcessMediaPlane
from media.record.record_room import FolderRecordRoom

from cloudcourt.api.application import add_routes
from cloudcourt.api.house import House
from cloudcourt.court.registry import Registry
from cloudcourt.court.room import Bench
from cloudcourt.court.timing import Timing
from cloudcourt.documents.qr import svg_address
from cloudcourt.domain.hearing import ENDED
from cloudcourt.domain.ports import MediaListener
from cloudcourt.settings import Settings
from cloudcourt.store.migrate import migrate
from cloudcourt.store.store import Store
from signaling.server import SignalingDoor
from signaling.switchboard import Switchboard

log = structlog.get_logger()

STATIC_DIRS = (Path(__file__).parent / "_static", Path(__file__).parent.parent / "static")
"""Where the browser's files are: inside an installed wheel, or beside the packages in a checkout."""


class SystemClock:
    """The machine's wall clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


async def open_store(settings: Settings, on_step: Callable[[str], None] | None = None) -> Store:
    """Bring the database up to date and open it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    await migrate(settings.store_url, on_step)
    return await Store.open(settings.store_url)


async def build_app(settings: Settings) -> web.Application:
    """Wire every adapter into one aiohttp application, ready to be served."""
    clock = SystemClock()
    store = await open_store(settings)
    media = InProcessMediaPlane(data_dir=settings.data_dir, clock=clock, announce_address=settings.announce_address)
    record_room = FolderRecordRoom(settings.data_dir, clock)
    switchboard = Switchboard()

    def make_bench(listener: MediaListener) -> Bench:
        return Bench(
            clock=clock,
            record=store.record,
            links=store.links,
            media=media,
            media_listener=listener,
            record_room=record_room,
            audience=switchboard,
            timing=Timing(
                reconnect_grace_s=settings.reconnect_grace_s,
                judge_grace_s=settings.judge_grace_s,
                restart_grace_s=settings.restart_grace_s,
            ),
        )

    registry = Registry(make_bench)
    door = SignalingDoor(store.links, clock, switchboard, registry, frozenset(settings.allowed_origins))
    app = web.Application()
    add_routes(
        app,
        House(
            clock=clock,
            cases=store.cases,
            links=store.links,
            staff=store.staff,
            access=store.access,
            record_room=record_room,
            court=registry,
            static_dir=_static_dir(),
            public_url=settings.public_url,
            link_days=settings.link_days,
            qr_svg=svg_address,
            probes=_probes(settings, store),
            secure_cookies=settings.secure_cookies,
            allowed_origins=frozenset(settings.allowed_origins),
        ),
    )
    door.attach_to(app)

    async def court_day(_: web.Application) -> AsyncIterator[None]:
        await registry.take_up_unfinished()
        await _finish_records(store, registry, record_room)
        yield
        await media.close()
        await record_room.close()
        await store.close()

    async def adjourn_all(_: web.Application) -> None:
        await registry.close()
        await door.close()

    app.cleanup_ctx.append(court_day)
    app.on_shutdown.append(adjourn_all)
    return app


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
