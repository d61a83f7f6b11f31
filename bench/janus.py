"""A measured anchor for live forwarding: Debian's Janus (videoroom) beside our plane, in the same run.

The same hearing of three through both, in turn: 640x360 VP8 and Opus, everyone sees everyone, real ICE, DTLS and SRTP
from the same clients, nothing recorded. Each server is a process of its own and is measured by its CPU time (user and
system) alone, and by what the viewers' clients really got. Janus has its Debian defaults, with videoroom as its only
plugin and WebSockets as its only door; a person there has two connections (one that sends, and one subscription to both
others), where our plane has one. Everything happens in a network namespace of this run, because Janus ignores loopback.

Usage, as root: `.venv/bin/python bench/janus.py [--seconds 10] [--rounds 3] [--busy]`
"""

import argparse
import asyncio
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Self

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import aiohttp
import numpy as np
from numpy.typing import NDArray

from bench.forwarding import CLIP_S, WARM_UP_S, Child, publish
from bench.room_load import PEOPLE
from cloudcourt.domain.ports import MediaAnswer
from cloudcourt.observability.tasks import Crew
from media.sdp import SEND_TIME_EXTENSION, WIDE_EXTENSION
from tests.bed import namespace
from tests.bed.rtc_client import OPUS, VP8, RtcClient, until
from tests.bed.rtp_source import RtpSource

ADDRESS, DOOR, ROOM = "10.77.7.1", 8188, 1
READY_WITHIN_S = 10.0
GRAIN = 48
"""How far brightness varies, of 255. More would not fit the 1 Mbit/s our plane grants clients that give no feedback."""
NOT_ASKED_OF_US = (SEND_TIME_EXTENSION, WIDE_EXTENSION, "transport-cc")
"""What the same client doesn't ask of our plane either."""
Clip = list[tuple[float, bytes]]

_GENERAL = """\
general: {{
    configs_folder = "{folder}"
    plugins_folder = "{folder}/plugins"
    transports_folder = "{folder}/transports"
    events_folder = "{folder}/none"
    loggers_folder = "{folder}/none"
    debug_level = 2
    session_timeout = 0
    event_loops = {loops}
}}
"""
_DOOR = f"""\
general: {{
    ws = true
    ws_port = {DOOR}
    ws_ip = "127.0.0.1"
}}
"""
_ROOM = f"""\
room-{ROOM}: {{
    publishers = {len(PEOPLE)}
    audiocodec = "opus"
    videocodec = "vp8"
    record = false
}}
"""


class Busy(RtpSource):
    """A picture with grain, so that a frame takes two or three packets."""

    def _picture(self, at_s: float) -> NDArray[np.uint8]:
        width, height = self.size
        grain = np.random.default_rng(round(at_s * self.fps)).integers(0, GRAIN, (height // 4, width // 4, 1), np.uint8)
        return super()._picture(at_s) + np.kron(grain, np.ones((4, 4, 1), np.uint8))


class Sample(NamedTuple):
    """What one server took: cores, packets its viewers got a second, and its resident memory."""

    cores: float
    audio_per_s: float
    video_per_s: float
    rss_mb: float

    @property
    def us_per_packet(self) -> float:
        return self.cores / (self.audio_per_s + self.video_per_s) * 1e6


class Janus:
    """The packaged server, with configuration and log in a folder of this run."""

    def __init__(self, folder: Path, loops: int) -> None:
        self._log = folder / "log"
        (folder / "none").mkdir()
        for kind, library in (("plugins", "libjanus_videoroom.so"), ("transports", "libjanus_websockets.so")):
            (folder / kind).mkdir()
            installed = next(Path("/usr/lib").glob(f"*/janus/{kind}/{library}"))
            (folder / kind / library).symlink_to(installed)
        (folder / "janus.jcfg").write_text(_GENERAL.format(folder=folder, loops=loops))
        (folder / "janus.transport.websockets.jcfg").write_text(_DOOR)
        (folder / "janus.plugin.videoroom.jcfg").write_text(_ROOM)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["janus", "-F", str(folder), "-o"], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.pid = self._process.pid

    def check(self) -> None:
        """Raises RuntimeError when it has ended."""
        if self._process.poll() is not None:
            raise RuntimeError(f"janus ended: {self._log.read_text()[-2000:]}")

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


class Desk:
    """The room's signaling: one socket, one session, a plugin handle for each connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._session: dict[str, Any] = {}
        self._connected: set[int] = set()

    @classmethod
    async def open(cls, janus: Janus, stack: AsyncExitStack) -> Self:
        """Knocks until the server is up. Raises RuntimeError and TimeoutError."""
        http = await stack.enter_async_context(aiohttp.ClientSession())
        url = f"http://127.0.0.1:{DOOR}"
        async with asyncio.timeout(READY_WITHIN_S):
            while True:
                janus.check()
                try:
                    desk = cls(await http.ws_connect(url, protocols=("janus-protocol",)))
                    break
                except aiohttp.ClientConnectorError:
                    await asyncio.sleep(0.1)
        stack.push_async_callback(desk._socket.close)
        desk._session = {"session_id": (await desk._ask(janus="create"))["data"]["id"]}
        return desk

    async def handle(self) -> int:
        attached = await self._ask(janus="attach", plugin="janus.plugin.videoroom")
        return int(attached["data"]["id"])

    async def tell(self, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None) -> dict[str, Any]:
        """Send a request to the room, and return the event that answers it. Raises RuntimeError."""
        more = {"jsep": jsep} if jsep else {}
        event = await self._ask(janus="message", handle_id=handle, body={"room": ROOM, **body}, **more)
        if error := event["plugindata"]["data"].get("error"):
            raise RuntimeError(error)
        return event

    async def connected(self, handle: int) -> None:
        """Wait until media can flow: nobody finds a publisher in the room before."""
        async with asyncio.timeout(READY_WITHIN_S):
            while handle not in self._connected:
                await self._next()

    async def _next(self) -> dict[str, Any]:
        came: dict[str, Any] = json.loads(await self._socket.receive_str())
        if came["janus"] == "webrtcup":
            self._connected.add(came["sender"])
        return came

    async def _ask(self, **fields: Any) -> dict[str, Any]:
        ours = str(next(self._numbers))
        await self._socket.send_json({"transaction": ours, **self._session, **fields})
        async with asyncio.timeout(READY_WITHIN_S):
            while True:
                came = await self._next()
                if came.get("transaction") == ours and came["janus"] != "ack":
                    break
        if came["janus"] == "error":
            raise RuntimeError(came["error"]["reason"])
        return came


class Viewer(RtcClient):
    """The side that answers an offer, and only receives."""

    def __init__(self) -> None:
        super().__init__(pairs=0, sends=False, hosts=(ADDRESS,))
        self.ice.ice_controlling = False

    async def answer_to(self, offer: str) -> str:
        """Accept every line as it is offered."""
        await self.ice.gather_candidates()
        head, *sections = offer.replace("\r\n", "\n").split("\nm=")
        group = [line for line in head.split("\n") if line.startswith("a=group")]
        lines = ["v=0", "o=- 3 4 IN IP4 127.0.0.1", "s=-", "t=0 0", *group]
        for section in sections:
            lines += self._accepted(("m=" + section).strip().split("\n"))
        return "\r\n".join(lines) + "\r\n"

    def _accepted(self, offered: list[str]) -> list[str]:
        shared = ("a=mid:", "a=rtpmap:", "a=fmtp:", "a=rtcp-fb:", "a=extmap:", "a=rtcp-mux")
        kept = [line for line in offered if line.startswith(shared)]
        return [
            offered[0],
            "c=IN IP4 0.0.0.0",
            *(line for line in kept if not line.endswith(NOT_ASKED_OF_US)),
            f"a=ice-ufrag:{self.ice.local_username}",
            f"a=ice-pwd:{self.ice.local_password}",
            f"a=fingerprint:sha-256 {self._certificate.getFingerprints()[0].value}",
            "a=setup:active",
            "a=recvonly",
            *(f"a=candidate:{candidate.to_sdp()}" for candidate in self.ice.local_candidates),
            "a=end-of-candidates",
        ]


async def offer_to_janus(client: RtcClient) -> str:
    """An offer that names streams and a candidate, as browsers do: Janus goes by these."""
    source, lines = RtpSource(PEOPLE[0]), []
    ssrcs = {"a=mid:0": source.audio.ssrc, "a=mid:1": source.video.ssrc}
    for line in (await client.offer()).split("\r\n"):
        if not line.startswith("a=candidate:"):
            lines.append(line)
        if line in ssrcs:
            lines.append(f"a=ssrc:{ssrcs[line]} cname:bench")
            lines += [f"a=candidate:{candidate.to_sdp()}" for candidate in client.ice.local_candidates]
    return "\r\n".join(lines)


@asynccontextmanager
async def in_janus(clip: Clip, *, loops: int = 0) -> AsyncIterator[tuple[int, Sequence[RtcClient]]]:
    """Three people in the room. Yields the server's process and the clients that see.

    With `loops` that many threads carry all connections; by default each connection has its own.
    """
    async with AsyncExitStack() as stack:
        janus = Janus(Path(stack.enter_context(tempfile.TemporaryDirectory())), loops)
        stack.callback(janus.end)
        desk, crew, feeds = await Desk.open(janus, stack), Crew("bench"), []
        for _ in PEOPLE:
            client, handle = RtcClient(pairs=0, hosts=(ADDRESS,)), await desk.handle()
            stack.push_async_callback(client.close)
            offer = {"type": "offer", "sdp": await offer_to_janus(client)}
            body = {"request": "joinandconfigure", "ptype": "publisher"}
            event = await desk.tell(handle, body, offer)
            await client.take(MediaAnswer(sdp=event["jsep"]["sdp"], seats=()))
            await desk.connected(handle)
            feeds.append(event["plugindata"]["data"]["id"])
            crew.start(publish(client, clip), name="publish")
        stack.push_async_callback(crew.dismiss)
        viewers = [await watch(desk, stack, [other for other in feeds if other != own]) for own in feeds]
        yield janus.pid, viewers


async def watch(desk: Desk, stack: AsyncExitStack, feeds: list[int]) -> Viewer:
    """One subscription to some people's sound and picture."""
    viewer, handle = Viewer(), await desk.handle()
    stack.push_async_callback(viewer.close)
    body = {"request": "join", "ptype": "subscriber", "streams": [{"feed": feed} for feed in feeds]}
    offer = (await desk.tell(handle, body))["jsep"]["sdp"]
    answer = {"type": "answer", "sdp": await viewer.answer_to(offer)}
    await desk.tell(handle, {"request": "start"}, answer)
    await viewer.take(MediaAnswer(sdp=offer, seats=()))
    return viewer


@asynccontextmanager
async def in_ours(clip: Clip) -> AsyncIterator[tuple[int, Sequence[RtcClient]]]:
    """Three people in a hearing of our plane."""
    async with AsyncExitStack() as stack:
        child, crew, clients = Child("bench/room_load.py", "plane"), Crew("bench"), []
        stack.callback(child.end)
        for person in PEOPLE:
            client = RtcClient(pairs=len(PEOPLE) - 1, hosts=(ADDRESS,))
            stack.push_async_callback(client.close)
            reply = await asyncio.to_thread(child.ask, {"person": person, "sdp": await client.offer()})
            await client.take(MediaAnswer.model_validate(reply))
            clients.append(client)
            crew.start(publish(client, clip), name="publish")
        stack.push_async_callback(crew.dismiss)
        yield child._process.pid, clients


SERVERS = {"ours": in_ours, "janus": in_janus, "janus, one loop": partial(in_janus, loops=1)}


def cpu_s(pid: int) -> float:
    """CPU time of a process and all its threads, by the clock that clock_getcpuclockid(3) names."""
    return time.clock_gettime(~pid << 3 | 2)


def rss_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def got(clients: Sequence[RtcClient], payload_type: int) -> list[bytes]:
    return [packet for client in clients for packet in client.dtls.rtp if packet[1] & 0x7F == payload_type]


def everyone_sees_everyone(clients: Sequence[RtcClient]) -> bool:
    others = len(PEOPLE) - 1
    return all(
        len({packet[8:12] for packet in got([client], payload_type)}) == others
        for client in clients
        for payload_type in (OPUS, VP8)
    )


async def measure(which: str, clip: Clip, seconds: float) -> Sample:
    async with SERVERS[which](clip) as (pid, clients):
        await until(lambda: everyone_sees_everyone(clients), "everyone sees everyone")
        await asyncio.sleep(WARM_UP_S)
        for client in clients:
            client.dtls.rtp.clear()
        cpu_before_s, began = cpu_s(pid), time.monotonic()
        await asyncio.sleep(seconds)
        used_s, wall_s = cpu_s(pid) - cpu_before_s, time.monotonic() - began
        profiles = {client.dtls._ssl.get_selected_srtp_profile().decode() for client in clients}
        sounds, pictures = len(got(clients, OPUS)), len(got(clients, VP8))
        sample = Sample(used_s / wall_s, sounds / wall_s, pictures / wall_s, rss_mb(pid))
        print(
            f"{which:15} {sample.cores * 100:6.2f} % of a core, out: {sample.audio_per_s:5.1f} sounds + "
            f"{sample.video_per_s:5.1f} pictures/s, {sample.us_per_packet:6.1f} us per forwarded packet, "
            f"{sample.rss_mb:5.1f} MB, {', '.join(sorted(profiles))}, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        return sample


async def compare(source_kind: type[RtpSource], seconds: float, rounds: int) -> None:
    source = source_kind(PEOPLE[0], size=(640, 360), fps=20)
    clip = [(arrival.at_s, arrival.packet) for arrival in source.arrivals(CLIP_S) if arrival.packet]
    wanted = len(clip) / CLIP_S * len(PEOPLE) * (len(PEOPLE) - 1)
    print(f"a hearing of three, {wanted:.0f} packets/s to be forwarded, {seconds:.0f} s a time")
    found: dict[str, list[Sample]] = {which: [] for which in SERVERS}
    for _ in range(rounds):
        for which, samples in found.items():
            samples.append(await measure(which, clip, seconds))
    for which, samples in found.items():
        cores, _, _, memory = (statistics.median(column) for column in zip(*samples, strict=True))
        us = statistics.median(sample.us_per_packet for sample in samples)
        print(f"median {which:15} {cores * 100:6.2f} % of a core a hearing, {us:6.1f} us per packet, {memory:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each measurement lasts")
    parser.add_argument("--rounds", type=int, default=3, help="how often each server is measured")
    parser.add_argument("--busy", action="store_true", help="pictures of two or three packets each")
    asked = parser.parse_args()
    if shutil.which("janus") is None:
        print("janus is not installed: apt-get install janus")
        return
    own = f"{namespace.prefix_of_this_run(1)}-janus"
    try:
        namespace.make(own)
        for wish in (
            "link add eth0 type veth peer name far0",
            f"addr add {ADDRESS}/24 dev eth0",
            "link set far0 up",
            "link set eth0 up",
        ):
            subprocess.run(["ip", "-n", own, *wish.split()], check=True)
        with namespace.inside(own):
            asyncio.run(compare(Busy if asked.busy else RtpSource, asked.seconds, asked.rounds))
    finally:
        namespace.remove(own)


if __name__ == "__main__":
    main()
