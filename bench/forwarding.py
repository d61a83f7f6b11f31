"""What one forwarded packet costs: the media plane beside aiortc's MediaRelay, in the same run.

One person publishes 640x360 VP8 and Opus, two others watch. Both servers run in a process of their own and are
measured by its CPU time (user and system) alone. Usage: `.venv/bin/python bench/forwarding.py [--seconds 8]`
"""

import argparse
import asyncio
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aioice import ice
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay
from aiortc.mediastreams import MediaStreamTrack

from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import HearingMedia, MediaAnswer, SeatLines
from cloudcourt.domain.recording import Seat
from cloudcourt.domain.roles import Role
from cloudcourt.domain.routing import Flow, MediaKind, Routing
from cloudcourt.observability.tasks import Crew
from media.plane import InProcessMediaPlane
from tests.bed.rtc_client import OPUS, VP8, RtcClient, seq_of, timestamp_of
from tests.bed.rtp_source import RtpSource

PUBLISHER, *VIEWERS = PEOPLE = [ParticipantId(name) for name in ("publisher", "viewer_1", "viewer_2")]
HEARING = HearingId("bench")
KINDS: tuple[MediaKind, ...] = ("audio", "video")
CLIP_S = 10
WARM_UP_S = 3
ROUNDS = 2
WANTED_RATIO = 10

Answering = Callable[[ParticipantId, str], Awaitable[MediaAnswer]]


class Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Nobody:
    def media_link_changed(self, *_: object) -> None: ...
    def recorder_stalled(self, *_: object) -> None: ...
    def recorder_recovered(self, *_: object) -> None: ...


async def serve_ours(folder: Path) -> Answering:
    plane = InProcessMediaPlane(data_dir=folder, clock=Clock())
    seats = tuple(Seat(participant_id=person, role=Role.JUDGE, name="-") for person in PEOPLE)
    hearing = HearingMedia(hearing_id=HEARING, case_number="-", cause="-", seats=seats)
    await plane.open_hearing(hearing, Nobody())
    flows = frozenset(Flow(PUBLISHER, viewer, kind) for viewer in VIEWERS for kind in KINDS)
    await plane.set_routing(HEARING, Routing(flows=flows))

    async def answer(person: ParticipantId, sdp: str) -> MediaAnswer:
        return await plane.connect(HEARING, person, sdp)

    return answer


async def serve_relay(_folder: Path) -> Answering:
    """The stock way: decode what comes, encode it again for each viewer."""
    ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]
    relay, tracks = MediaRelay(), dict[str, MediaStreamTrack]()
    connections: list[RTCPeerConnection] = []

    async def answer(person: ParticipantId, sdp: str) -> MediaAnswer:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        connections.append(connection)
        connection.on("track", lambda track: tracks.setdefault(track.kind, track))
        await connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        seats: tuple[SeatLines, ...] = ()
        if person != PUBLISHER:
            for transceiver in connection.getTransceivers()[2:4]:
                transceiver.sender.replaceTrack(relay.subscribe(tracks[transceiver.kind]))
                transceiver.direction = "sendonly"
            seats = (SeatLines(participant_id=PUBLISHER, audio_mid="2", video_mid="3"),)
        await connection.setLocalDescription(await connection.createAnswer())
        return MediaAnswer(sdp=connection.localDescription.sdp, seats=seats)

    return answer


SERVERS = {"media plane": serve_ours, "MediaRelay": serve_relay}


async def serve(which: str) -> None:
    """The measured process: answers offers and reports its own CPU time, one line of JSON each."""
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        answer = await SERVERS[which](Path(folder))
        while line := await reader.readline():
            asked = json.loads(line)
            if "sdp" in asked:
                reply = (await answer(asked["person"], asked["sdp"])).model_dump()
            else:
                used = resource.getrusage(resource.RUSAGE_SELF)
                reply = {"cpu_s": used.ru_utime + used.ru_stime}
            print(json.dumps(reply), flush=True)


class Server:
    """The measured process, seen from here."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, which: str) -> "Server":
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, __file__, "--serve", which)
        return cls(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=1 << 20))

    async def ask(self, **question: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        reply: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return reply

    async def connect(self, client: RtcClient, person: ParticipantId) -> None:
        reply = await self.ask(person=person, sdp=await client.offer())
        await client.take(MediaAnswer.model_validate(reply))

    async def stop(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


async def publish(client: RtcClient, clip: list[tuple[float, bytes]]) -> None:
    """Send the clip over and over, in step with the clock."""
    rates = {OPUS: 48_000, VP8: 90_000}
    counts = {number: sum(packet[1] & 0x7F == number for _, packet in clip) for number in rates}
    began, turn = time.monotonic(), 0
    while True:
        for at_s, packet in clip:
            await asyncio.sleep(max(0.0, began + turn * CLIP_S + at_s - time.monotonic()))
            number = packet[1] & 0x7F
            seq = (seq_of(packet) + turn * counts[number]) & 0xFFFF
            ticks = (timestamp_of(packet) + turn * CLIP_S * rates[number]) & 0xFFFFFFFF
            await client.send(packet[:2] + seq.to_bytes(2, "big") + ticks.to_bytes(4, "big") + packet[8:])
        turn += 1


class Figures(NamedTuple):
    cores: float
    audio_per_s: float
    video_per_s: float

    @property
    def packets_per_s(self) -> float:
        return self.audio_per_s + self.video_per_s

    @property
    def us_per_packet(self) -> float:
        return self.cores / self.packets_per_s * 1e6


async def measure(which: str, clip: list[tuple[float, bytes]], seconds: float) -> Figures:
    server, crew = await Server.start(which), Crew("bench")
    clients = {person: RtcClient(pairs=2, sends=person == PUBLISHER) for person in PEOPLE}
    viewers = [clients[viewer] for viewer in VIEWERS]
    try:
        await server.connect(clients[PUBLISHER], PUBLISHER)
        crew.start(publish(clients[PUBLISHER], clip), name="publish")
        for viewer in VIEWERS:
            await server.connect(clients[viewer], viewer)
        await asyncio.sleep(WARM_UP_S)
        cpu_s, began = (await server.ask())["cpu_s"], time.monotonic()
        for client in viewers:
            client.dtls.rtp.clear()
        await asyncio.sleep(seconds)
        used_s = (await server.ask())["cpu_s"] - cpu_s
        wall_s = time.monotonic() - began
        kinds = [packet[1] & 0x7F for client in viewers for packet in client.dtls.rtp]
        return Figures(used_s / wall_s, kinds.count(OPUS) / wall_s, kinds.count(VP8) / wall_s)
    finally:
        await crew.dismiss()
        for client in clients.values():
            await client.close()
        await server.stop()


async def compare(seconds: float) -> None:
    source = RtpSource(PUBLISHER, size=(640, 360), fps=20)
    clip = [(arrival.at_s, arrival.packet) for arrival in source.arrivals(CLIP_S) if arrival.packet]
    print(f"publisher: {len(clip) / CLIP_S:.0f} packets/s, {sum(len(p) for _, p in clip) * 8 / CLIP_S / 1000:.0f} kb/s")
    found: dict[str, list[Figures]] = {which: [] for which in SERVERS}
    for _ in range(ROUNDS):
        for which, figures in found.items():
            figures.append(await measure(which, clip, seconds))
            cores, audio, video = figures[-1]
            print(
                f"{which:12} {cores:7.4f} core, out: {audio:5.1f} audio + {video:5.1f} video packets/s, "
                f"{figures[-1].us_per_packet:7.1f} us per forwarded packet"
            )
    ours, relay = (statistics.median(f.us_per_packet for f in found[which]) for which in SERVERS)
    our_cores, relay_cores = (statistics.median(f.cores for f in found[which]) for which in SERVERS)
    print(f"ratio: {relay / ours:.1f} times less CPU per forwarded packet, {relay_cores / our_cores:.1f} times in all")
    print(f"wanted: {WANTED_RATIO} times ({'met' if relay / ours >= WANTED_RATIO else 'NOT met'})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each measurement lasts")
    parser.add_argument("--serve", choices=SERVERS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    asyncio.run(serve(asked.serve) if asked.serve else compare(asked.seconds))


if __name__ == "__main__":
    main()
