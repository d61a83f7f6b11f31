"""The measured process of `bench/forwarding.py` for whole hearings: our media plane, or aiortc's MediaRelay.

It answers offers and says how much CPU time it has used (user and system), one line of JSON each.
"""

import asyncio
import json
import resource
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

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
from cloudcourt.observability.logs import set_up_logs
from media.plane import InProcessMediaPlane

PEOPLE = [ParticipantId(name) for name in ("one", "two", "three")]
HEARING = HearingId("bench")
KINDS: tuple[MediaKind, ...] = ("audio", "video")
Answering = Callable[[ParticipantId, str], Awaitable[MediaAnswer]]


class Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Nobody:
    def media_link_changed(self, *_: object) -> None: ...
    def media_weather(self, *_: object) -> None: ...
    def media_lost(self, *_: object) -> None: ...
    def recorder_stalled(self, *_: object) -> None: ...
    def recorder_recovered(self, *_: object) -> None: ...
    def pictures_kept(self, *_: object) -> None: ...
    def segment_closed(self, *_: object) -> None: ...


async def serve_plane(folder: Path) -> Answering:
    plane = InProcessMediaPlane(data_dir=folder, clock=Clock())
    seats = tuple(Seat(participant_id=person, role=Role.JUDGE, name="-") for person in PEOPLE)
    hearing = HearingMedia(hearing_id=HEARING, case_number="-", cause="-", seats=seats)
    await plane.open_hearing(hearing, Nobody())
    flows = frozenset(Flow(a, b, kind) for a in PEOPLE for b in PEOPLE for kind in KINDS if a != b)
    await plane.set_routing(HEARING, Routing(flows=flows))

    async def answer(person: ParticipantId, sdp: str) -> MediaAnswer:
        return await plane.connect(HEARING, person, sdp)

    return answer


async def serve_relay(_folder: Path) -> Answering:
    """The stock way: decode what comes, encode it again for each viewer."""
    ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]
    relay, tracks = MediaRelay(), dict[tuple[ParticipantId, str], MediaStreamTrack]()
    connections: dict[ParticipantId, RTCPeerConnection] = {}
    senders: dict[ParticipantId, list[ParticipantId]] = {}

    async def answer(person: ParticipantId, sdp: str) -> MediaAnswer:
        configuration = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        connection = connections[person] = RTCPeerConnection(configuration)
        connection.on("track", lambda track: tracks.setdefault((person, track.kind), track))
        await connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        others = senders[person] = [other for other in PEOPLE if other != person]
        for number, transceiver in enumerate(connection.getTransceivers()[2:]):
            transceiver.direction = "sendonly"
            if track := tracks.get((others[number // 2], transceiver.kind)):
                transceiver.sender.replaceTrack(relay.subscribe(track))
        await connection.setLocalDescription(await connection.createAnswer())
        for viewer, other in connections.items():
            if viewer != person:
                for transceiver in other.getTransceivers()[2 + 2 * senders[viewer].index(person) :][:2]:
                    transceiver.sender.replaceTrack(relay.subscribe(tracks[person, transceiver.kind]))
        lines = tuple(
            SeatLines(participant_id=other, audio_mid=str(2 + 2 * n), video_mid=str(3 + 2 * n))
            for n, other in enumerate(others)
        )
        return MediaAnswer(sdp=connection.localDescription.sdp, seats=lines)

    return answer


SERVERS = {"plane": serve_plane, "relay": serve_relay}


async def main(which: str) -> None:
    set_up_logs("error")
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


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
