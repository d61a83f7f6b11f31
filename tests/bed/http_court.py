"""The whole server in this process, on a loopback port, and browsers without a window to ask it."""

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from multidict import CIMultiDictProxy
from yarl import URL

from cloudcourt.api.application import add_routes
from cloudcourt.app import Building
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import HearingMedia
from cloudcourt.domain.recording import Seat
from cloudcourt.settings import Settings
from cloudcourt.store.store import Store
from media.record.recorder import HearingRecorder
from signaling.server import SignalingDoor
from tests.bed.recordings import SMALL, WallClock, feed
from tests.bed.rtp_source import RtpSource

STAFF_PASSWORD = "correct horse battery"
CASE = {
    "case_number": "（2026）云0101民初27号",
    "cause": "民间借贷纠纷",
    "people": [
        {"role": "judge", "name": "陈明远"},
        {"role": "bench_member", "name": "何静"},
        {"role": "clerk", "name": "赵敏"},
        {"role": "plaintiff", "name": "李秀英"},
    ],
}


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: CIMultiDictProxy[str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def code(self) -> str:
        """The code of an error; fails when it isn't one, in the one shape."""
        assert self.headers["Content-Type"].startswith("application/json")
        assert set(self.json) == {"error"}
        error = self.json["error"]
        assert set(error) == {"code", "message", "fields", "incident_id"}
        assert error["message"]
        return str(error["code"])


class Unannounced(bytes):
    """A body whose length isn't told beforehand."""


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), 10_000):
        yield content[at : at + 10_000]


class Browser:
    """Keeps cookies; sends no `Origin` unless told to, as a program would."""

    def __init__(self, session: aiohttp.ClientSession, base: URL) -> None:
        self._session = session
        self._base = base

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """One request; a body goes out as JSON, `bytes` as they are. `Accept_Language="en"` is a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            named.setdefault("Content-Type", "application/json")
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        # Encoded as given: hostile paths must arrive as they are.
        url = URL(f"{self._base.origin()}{path}", encoded=True)
        content = _pieces(data) if isinstance(data, Unannounced) else data
        async with self._session.request(method, url, data=content, headers=named, allow_redirects=False) as answer:
            return Answer(answer.status, answer.headers, await answer.read())

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.ask("GET", path, **headers)

    async def post(self, path: str, body: object = None, **headers: str) -> Answer:
        return await self.ask("POST", path, body, **headers)

    async def delete(self, path: str, **headers: str) -> Answer:
        return await self.ask("DELETE", path, **headers)

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.key: cookie.value for cookie in self._session.cookie_jar}


class HttpCourt:
    """One running server with its store, and as many browsers as a test wants."""

    def __init__(
        self, store: Store, data_dir: Path, server: TestServer, door: SignalingDoor, doors: AsyncExitStack
    ) -> None:
        self.store = store
        self.door = door
        self.data_dir = data_dir
        self.url = str(server.make_url("/")).rstrip("/")
        self._server = server
        self._doors = doors

    async def browser(self) -> Browser:
        """A new one, without cookies."""
        jar = aiohttp.CookieJar(unsafe=True)  # cookies of a bare IP address
        session = await self._doors.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
        return Browser(session, self._server.make_url("/"))

    async def desk(self) -> Browser:
        """A clerk's browser, signed in."""
        await self.store.staff.add("zhaomin", "书记员 赵敏", STAFF_PASSWORD, at=WallClock().now())
        browser = await self.browser()
        answer = await browser.post("/api/session", {"user_name": "zhaomin", "password": STAFF_PASSWORD})
        assert answer.status == 200, answer.content
        return browser

    async def guest(self, hearing: Any, role: str) -> tuple[Browser, Any]:
        """A person who followed their join link, and the answer they got."""
        browser = await self.browser()
        answer = await browser.post("/api/join", {"link_token": token_of(hearing, role)})
        assert answer.status == 200, answer.content
        return browser, answer.json

    def folder(self, hearing: Any) -> Path:
        """Where the hearing's record lies."""
        folder = self.data_dir / "hearings" / str(hearing["id"])
        (folder / "tracks").mkdir(parents=True, exist_ok=True)
        return folder

    async def record(self, hearing: Any, role: str) -> None:
        """A second of one person's sound and picture, written by the recorder itself."""
        person = ParticipantId(person_of(hearing, role))
        media = HearingMedia(
            hearing_id=HearingId(hearing["id"]),
            case_number=hearing["case_number"],
            cause=hearing["cause"],
            seats=tuple(
                Seat(participant_id=p["participant_id"], role=p["role"], name=p["name"]) for p in hearing["people"]
            ),
        )
        recorder = HearingRecorder(
            self.folder(hearing), media, WallClock(), lambda *_: None, lambda: None, limits=SMALL
        )
        await recorder.start()
        feed(recorder, person, RtpSource(person).arrivals(1), time.monotonic_ns() - 1_000_000_000)
        await recorder.close()


async def schedule(desk: Browser, **case: object) -> Any:
    """A case and a hearing of it, now; the answer with everyone's links."""
    opened = await desk.post("/api/cases", {**CASE, **case})
    assert opened.status == 201, opened.content
    ask = {"case_id": opened.json["id"], "scheduled_at": WallClock().now().isoformat()}
    scheduled = await desk.post("/api/hearings", ask)
    assert scheduled.status == 201, scheduled.content
    return scheduled.json


def token_of(hearing: Any, role: str) -> str:
    """The link token of the person with that role."""
    return str(next(link["url"] for link in hearing["links"] if link["role"] == role)).partition("#")[2]


def person_of(hearing: Any, role: str) -> str:
    """The participant id of the person with that role."""
    return str(next(person["participant_id"] for person in hearing["people"] if person["role"] == role))


@asynccontextmanager
async def open_court(
    tmp_path: Path, migrated: Path, settings: Mapping[str, Any] | None = None, **changes: Any
) -> AsyncIterator[HttpCourt]:
    """The server as `cloudcourt.app` builds it; `changes` replace fields of its House.

    `migrated` is a database file with the newest schema, to copy; a second server on the same folder goes on.
    Media stays in this process unless `settings` say otherwise.
    """
    data_dir = tmp_path / "court"
    if not data_dir.exists():
        data_dir.mkdir()
        await asyncio.to_thread(shutil.copy, migrated, data_dir / "cloudcourt.sqlite3")
    chosen = Settings(**{"data_dir": data_dir, "media_workers": 0, "media_port": 0, **(settings or {})})
    store = await Store.open(chosen.store_url)
    building = Building(chosen, store)
    app = web.Application()
    add_routes(app, replace(building.house(), **changes))
    building.door.attach_to(app)
    app.cleanup_ctx.append(building.court_day)
    app.on_shutdown.append(building.adjourn_all)
    async with AsyncExitStack() as doors:
        server = TestServer(app)
        await doors.enter_async_context(server)
        yield HttpCourt(store, data_dir, server, building.door, doors)
