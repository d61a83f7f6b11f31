"""Everyone of a court day in a browser of their own, across a network whose lines can be cut."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import WebSocket, async_playwright

from tests.bed.browsers import LAPTOP, Person, enters
from tests.bed.court_server import CourtServer
from tests.bed.fake_devices import SMALL
from tests.bed.filed_case import files_case
from tests.bed.network_bed import NetworkBed

PEOPLE: list[dict[str, Any]] = [
    {"role": "judge", "name": "陈明远"},
    {"role": "clerk", "name": "周敏"},
    {"role": "plaintiff", "name": "李秀英"},
    {"role": "representative", "name": "何静", "ties": {"side": "a"}},
    {"role": "defendant", "name": "王建国"},
    {"role": "witness", "name": "孙丽"},
]
LINES = {"judge": "judge", "defendant": "phone", "witness": "outside"}
"""Who has a line of their own; the others share the courthouse's."""
ENGLISH = ("representative",)

# Every connection that the page ever makes, and what has come through those that live.
PEERS_KEPT = """
window.courtPeers = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...wishes) { super(...wishes); window.courtPeers.push(this); }
};
"""
THROUGH_PEERS = """
async () => {
  const sums = {open: 0, bytes: 0, packets: 0};
  for (const peer of window.courtPeers) {
    if (peer.connectionState !== 'closed') sums.open += 1;
    for (const stat of (await peer.getStats()).values()) {
      if (stat.type !== 'inbound-rtp') continue;
      sums.bytes += stat.bytesReceived || 0;
      sums.packets += stat.packetsReceived || 0;
    }
  }
  return sums;
}
"""


_EVENT = re.compile(r"42\d*(\[.*\])", re.DOTALL)
"""A Socket.IO event, with or without the number by which it is acknowledged."""


@dataclass(frozen=True)
class Silence:
    """A stretch of which nothing may be in the record; it begins when that is so, and ends before it is over."""

    what: str
    began_at: datetime
    ended_at: datetime


@dataclass
class Outside:
    """What reaches somebody who waits outside: on the line, in the page, and over the page's socket."""

    person: Person
    bed: NetworkBed
    frames: list[str] = field(default_factory=list)
    _datagrams: int = 0
    _media: dict[str, int] = field(default_factory=dict)
    _from: int = 0

    async def begin(self) -> None:
        await self.person.context.add_init_script(PEERS_KEPT)
        self.person.page.on("websocket", self._listen)

    async def shuts_the_door(self) -> None:
        """Count from here: the person waits outside, and what was under way has come."""
        datagrams = -1
        async with asyncio.timeout(30):
            while datagrams != (datagrams := await self.datagrams()) or (await self.media())["open"]:
                await asyncio.sleep(0.5)
        self._datagrams, self._media = datagrams, await self.media()
        inside = [number for number, (_, told) in enumerate(self.told()) if not _waits(told)]
        self._from = inside[-1] + 1

    async def nothing_came(self) -> None:
        """Not one packet down the line, no connection that could bring one, and word of nothing but oneself."""
        assert await self.datagrams() == self._datagrams
        assert await self.media() == self._media
        for message, told in self.told()[self._from :]:
            if message != "beat":
                you = told["view"]["you"]
                assert message == "court"
                assert told["event"] is None or told["event"].get("participant_id") == you["id"], told["event"]
                assert told["view"]["people"] == [you]
                assert told["view"]["phase"] == "roll_call"
                assert not told["view"]["exhibits"]["all"]

    async def datagrams(self) -> int:
        """UDP packets that have come down the line: media goes there, and nothing else."""
        return (await self.bed.counts())[f"{LINES['witness']}.eth0"]["down"]["datagrams"]

    async def media(self) -> dict[str, int]:
        """Connections that are open, and what has come through all of them by their own count (`getStats`)."""
        sums: dict[str, int] = await self.person.page.evaluate(THROUGH_PEERS)
        return sums

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """Everything that the court said of itself, in order; not its answers to what this person asked."""
        messages = [json.loads(found[1]) for frame in self.frames if (found := _EVENT.fullmatch(frame))]
        return [(message, told[0] if told else {}) for message, *told in messages]

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.frames.append(frame if isinstance(frame, str) else ""))


def _waits(told: dict[str, Any]) -> bool:
    """Whether this is what a person is told who waits outside; a beat says nothing."""
    return "view" not in told or told["view"]["you"]["state"] == "ready_in_lobby"


@dataclass
class CourtDay:
    """One hearing with everybody's browser; people, links and ids by role."""

    bed: NetworkBed
    server: CourtServer
    hearing_id: str
    links: dict[str, str]
    ids: dict[str, str]
    people: dict[str, Person]
    outside: Outside
    silences: list[Silence] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.server.data_dir / "hearings" / self.hearing_id

    def others(self, *but: str) -> tuple[Person, ...]:
        """Everyone in court but these roles; the witness is outside."""
        return tuple(person for role, person in self.people.items() if role not in (*but, "witness"))

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line)[1] for line in (self.folder / "record.log").read_text().splitlines()]

    def written(self) -> dict[str, int]:
        """Bytes of every file that sound and picture are written to."""
        files = [path for part in ("journal", "tracks") for path in (self.folder / part).rglob("*")]
        return {str(path): path.stat().st_size for path in files if path.is_file()}

    async def nothing_is_written(self) -> None:
        """Wait until the recorder has put its files down."""
        async with asyncio.timeout(30):
            before: dict[str, int] = {}
            while before != (before := self.written()):
                await asyncio.sleep(1)

    @asynccontextmanager
    async def off_the_record(self, what: str) -> AsyncIterator[None]:
        """What happens inside may be in no file: held against the log at the end."""
        began_at = datetime.now(UTC)
        yield
        self.silences.append(Silence(what, began_at, datetime.now(UTC)))

    async def breaks_line(self, role: str) -> None:
        await self.bed.fall(f"{LINES[role]}.eth0")

    async def mends_line(self, role: str) -> None:
        await self.bed.rise(f"{LINES[role]}.eth0")


@asynccontextmanager
async def court_day(folder: Path) -> AsyncIterator[CourtDay]:
    """Network, server with a full check-in, six browsers; nobody has opened a link yet. All ended afterwards."""
    async with AsyncExitStack() as ends:
        bed = NetworkBed(
            hall={"eth0": "clean"}, judge={"eth0": "clean"}, phone={"eth0": "4g"}, outside={"eth0": "clean"}
        )
        await ends.enter_async_context(bed)
        server = CourtServer(
            folder / "court",
            place=bed.namespace("server"),
            host=bed.server_address,
            check_in="full",
            reconnect_grace_s="60",
        )
        ends.push_async_callback(server.stop)
        await server.start()
        hearing_id, links, ids = await files_case(server, PEOPLE)
        playwright = await ends.enter_async_context(async_playwright())
        people: dict[str, Person] = {}
        for role in (entry["role"] for entry in PEOPLE):
            people[role] = await enters(
                playwright,
                role,
                folder,
                phone=role == "defendant",
                language="en" if role in ENGLISH else "zh-CN",
                place=bed.namespace(LINES.get(role, "hall")),
                origin=server.url,
                lens=SMALL,
                screen=LAPTOP,
            )
            ends.push_async_callback(people[role].close)
        outside = Outside(people["witness"], bed)
        await outside.begin()
        by_role = {entry["role"]: entry["name"] for entry in PEOPLE}
        yield CourtDay(
            bed,
            server,
            hearing_id,
            {role: links[name] for role, name in by_role.items()},
            {role: ids[name] for role, name in by_role.items()},
            people,
            outside,
        )
