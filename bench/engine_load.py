"""The measured process of `bench/forwarding.py`: one packet engine, its sockets, and nothing else.

It reads one line of JSON from standard input, answers with its port, and then answers every further line with the CPU
time it has used (user and system) and the packets it has taken.
"""

import asyncio
import json
import resource
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pylibsrtp import Policy, Session

from cloudcourt.observability.tasks import Crew
from media.congestion.feedback import FeedbackWriter
from media.engine.engine import Slow, UdpPath
from media.engine.incoming import Incoming, StreamSpec
from media.engine.outgoing import RouteSpec
from media.engine.peers import EnginePeer
from media.engine.python_engine import PythonEngine
from media.rounds import TURN_S
from media.seam import make_desk

PROFILES = {"CM": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 30), "GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 28)}
PAYLOAD_TYPE, SSRC, WIDE_ID, MID_ID, SEND_TIME_ID = 96, 0x1111, 3, 4, 2


def session(profile: str, direction: int) -> Session:
    """SRTP with a key of zeros: what it costs does not depend on the key."""
    number, key_bytes = PROFILES[profile]
    policy = Policy(key=bytes(key_bytes), ssrc_type=direction, srtp_profile=number)
    policy.allow_repeat_tx, policy.window_size = True, 1024
    return Session(policy)


class Load:
    """One publisher's stream, forwarded to every viewer that was named."""

    def __init__(self, profile: str, publisher: tuple[str, int], viewers: list[tuple[str, int]]) -> None:
        desk = make_desk()
        self._engine = PythonEngine(desk, self._slow)
        self._sessions = [session(profile, Policy.SSRC_ANY_INBOUND)]
        self.address = self._engine.open(("127.0.0.1",), 0)[0]
        source = EnginePeer(None)
        source.receive_key = desk.key_of(self._sessions[0])
        self._engine.bind_path(UdpPath(0, publisher), source)
        self.stream: Incoming = self._engine.add_stream(
            source, SSRC, StreamSpec("vp8", PAYLOAD_TYPE, 97, repairable=True, wide_id=WIDE_ID), 1
        )
        self._source = source
        for number, address in enumerate(viewers):
            viewer = EnginePeer(None)
            self._sessions.append(session(profile, Policy.SSRC_ANY_OUTBOUND))
            viewer.send_key = desk.key_of(self._sessions[-1])
            self._engine.move_peer(viewer, UdpPath(0, address))
            spec = RouteSpec(90_000, {"vp8": (96, 97)}, 1000 + number, 2000 + number, str(number), MID_ID, SEND_TIME_ID)
            self._engine.aim(self._engine.add_route(viewer, spec), self.stream)

    def _slow(self, batch: list[Slow]) -> None:
        """Nothing but the route's beginning comes this way."""

    async def give_feedback(self) -> None:
        """As the plane does for every publisher."""
        writer = FeedbackWriter(1)
        while True:
            await asyncio.sleep(TURN_S)
            arrivals, self._source.arrivals = self._source.arrivals, []
            writer.write(SSRC, arrivals)


async def main() -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    asked: dict[str, Any] = json.loads(await reader.readline())
    load = Load(asked["profile"], tuple(asked["publisher"]), [tuple(viewer) for viewer in asked["viewers"]])
    crew = Crew("load")
    crew.start(load.give_feedback(), name="feedback")
    print(json.dumps(load.address), flush=True)
    while await reader.readline():
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(json.dumps([used.ru_utime + used.ru_stime, load.stream.packets]), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
