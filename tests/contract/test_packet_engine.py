"""The golden vectors that define a packet engine: exact datagrams in, exact datagrams out, for every engine."""

import asyncio
import json
import socket
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from cloudcourt.domain.ids import ParticipantId
from media.engine.engine import (
    Begun,
    Checked,
    Gap,
    Handshaken,
    PacketEngine,
    Reported,
    Restarted,
    Slow,
    SlowBatch,
    UdpPath,
    Unknown,
)
from media.engine.incoming import Incoming, StreamSpec, Tap, TapLabel
from media.engine.outgoing import FirstNumbers, Outgoing, RouteSpec
from media.engine.peers import EnginePeer
from media.engine.python_engine import PythonEngine
from media.rtcp import SenderReport
from media.seam import BorrowedDesk, PublicDesk
from tests.golden import make
from tests.golden.wire import session

pytestmark = pytest.mark.contract

VECTORS = sorted(make.FOLDER.glob("*.json"))
Json = dict[str, Any]
Clock = Callable[[], int]


class Built(NamedTuple):
    engine: PacketEngine
    key_of: Callable[[Any], Any]


EngineFactory = Callable[[SlowBatch, Clock, Callable[[], FirstNumbers]], Built]


def python_engine(make_desk: type[BorrowedDesk] | type[PublicDesk]) -> EngineFactory:
    def build(slow: SlowBatch, now_ns: Clock, first_numbers: Callable[[], FirstNumbers]) -> Built:
        desk = make_desk()
        return Built(PythonEngine(desk, slow, now_ns=now_ns, first_numbers=first_numbers), desk.key_of)

    return build


ENGINES: dict[str, EngineFactory] = {
    "python, borrowed desk": python_engine(BorrowedDesk),
    "python, public desk": python_engine(PublicDesk),
}


class Recording:
    """A wire that isn't UDP."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send(self, datagram: memoryview) -> None:
        self.sent.append(bytes(datagram))


class Stand:
    """Plays a vector to an engine over real sockets on loopback."""

    def __init__(self, build: EngineFactory, vector: Json) -> None:
        self._now_ns = 0
        self._first: FirstNumbers | None = None
        built = build(self._note, lambda: self._now_ns, self._first_numbers)
        self.engine = built.engine
        self._home = self.engine.open(("127.0.0.1",), 0)[0]
        self._wires = {name: Recording() for name, kind in vector["sockets"].items() if kind == "wire"}
        self._sockets = {name: _socket() for name, kind in vector["sockets"].items() if kind == "udp"}
        self._bell = _socket()
        self._rung = asyncio.Event()
        self._told: list[list[str]] = []
        self._sessions: list[Any] = []
        self.peers = {name: EnginePeer(name) for name in vector["peers"]}
        for name, keys in vector["peers"].items():
            for which, outbound in (("receive_key", False), ("send_key", True)):
                self._sessions.append(session(vector["profile"], bytes.fromhex(keys[which]), outbound=outbound))
                setattr(self.peers[name], which, built.key_of(self._sessions[-1]))
        self.streams: dict[str, Incoming] = {}
        self.routes: dict[str, Outgoing] = {}
        self.rings: dict[str, deque[Any]] = {}

    def _first_numbers(self) -> FirstNumbers:
        assert self._first is not None
        return self._first

    async def play(self, step: Json) -> tuple[dict[str, list[str]], list[list[str]]]:
        """Do one step; what went out by socket, and what was told."""
        self._now_ns, self._told = step["at_ns"], []
        if step["do"] == "arrive":
            self._sockets[step["socket"]].sendto(bytes.fromhex(step["datagram"]), self._home)
            await self._caught_up()
        else:
            returned = getattr(self, f"_{step['do']}")(step)
            if "returns" in step:
                assert returned == step["returns"]
        came = {name: [datagram.hex() for datagram in _drained(one)] for name, one in self._sockets.items()}
        for name, wire in self._wires.items():
            came[name], wire.sent = [datagram.hex() for datagram in wire.sent], []
        return {name: datagrams for name, datagrams in came.items() if datagrams}, self._told

    async def _caught_up(self) -> None:
        """A check from elsewhere comes out of the engine after all that came before it."""
        self._rung.clear()
        self._bell.sendto(b"\x00ring", self._home)
        async with asyncio.timeout(10):
            await self._rung.wait()

    def _note(self, batch: list[Slow]) -> None:
        for item in batch:
            if isinstance(item, Checked) and item.path.address == self._bell.getsockname():
                self._rung.set()
            else:
                self._told.append(self._named(item))

    def _named(self, item: Slow) -> list[str]:
        match item:
            case Checked(path, datagram):
                names = [n for n, one in self._sockets.items() if one.getsockname() == path.address]
                return ["checked", *names, datagram.hex()]
            case Handshaken(peer, datagram):
                return ["handshaken", peer.owner, datagram.hex()]
            case Reported(peer, compound, arrived_ns):
                assert arrived_ns == self._now_ns
                return ["reported", peer.owner, compound.hex()]
            case Unknown(peer, packet, arrived_ns):
                assert arrived_ns == self._now_ns
                return ["unknown", peer.owner, packet.hex()]
            case Begun(route):
                return ["begun", _name_in(self.routes, route)]
            case Restarted(stream):
                return ["restarted", _name_in(self.streams, stream)]
            case Gap(stream):
                return ["gap", _name_in(self.streams, stream)]

    def _path(self, name: str) -> UdpPath:
        return UdpPath(0, self._sockets[name].getsockname())

    def _bind_path(self, step: Json) -> None:
        self.engine.bind_path(self._path(step["socket"]), self.peers[step["peer"]])

    def _forget_path(self, step: Json) -> None:
        self.engine.forget_path(self._path(step["socket"]))

    def _move_peer(self, step: Json) -> None:
        path = self._wires.get(step["socket"]) or self._path(step["socket"])
        self.engine.move_peer(self.peers[step["peer"]], path)

    def _remove_peer(self, step: Json) -> None:
        self.engine.remove_peer(self.peers[step["peer"]])

    def _add_stream(self, step: Json) -> None:
        peer = self.peers[step["peer"]]
        stream = self.engine.add_stream(peer, step["ssrc"], StreamSpec(**step["spec"]), step["first_seq"])
        self.streams[step["stream"]] = stream

    def _add_repairs(self, step: Json) -> None:
        self.engine.add_repairs(self.streams[step["stream"]], step["ssrc"])

    def _remove_stream(self, step: Json) -> None:
        self.engine.remove_stream(self.streams[step["stream"]])

    def _add_route(self, step: Json) -> None:
        self._first = FirstNumbers(**step["first"])
        spec = RouteSpec(**step["spec"])
        numbers = {codec: (pair[0], pair[1]) for codec, pair in spec.payload_types.items()}
        route = self.engine.add_route(self.peers[step["viewer"]], spec._replace(payload_types=numbers))
        self.routes[step["route"]] = route

    def _aim(self, step: Json) -> None:
        self.engine.aim(self.routes[step["route"]], self.streams.get(step["stream"]), cut=step["cut"])

    def _set_tap(self, step: Json) -> None:
        stream, ring = self.streams[step["stream"]], step["ring"]
        label = TapLabel(ParticipantId("p_source"), "video", "vp8")
        tap = None if ring is None else Tap(self.rings.setdefault(ring, deque(maxlen=99)), label)
        self.engine.set_tap(stream, tap, instead_of=self.streams.get(step["instead_of"]))

    def _report(self, step: Json) -> None:
        stream = self.streams[step["stream"]]
        stream.report = SenderReport(stream.ssrc, step["ntp"], step["timestamp"])

    def _admit(self, step: Json) -> None:
        self.engine.admit(self.peers[step["peer"]], bytes.fromhex(step["packet"]), self._now_ns)

    def _admit_datagram(self, step: Json) -> None:
        self.engine.admit_datagram(self.peers[step["peer"]], bytes.fromhex(step["datagram"]), self._now_ns)

    def _resend(self, step: Json) -> int:
        return self.engine.resend(self.routes[step["route"]], tuple(step["seqs"]))

    def _pad(self, step: Json) -> int:
        return self.engine.pad(self.routes[step["route"]], step["packets"])

    def _send_rtcp(self, step: Json) -> None:
        self.engine.send_rtcp(self.peers[step["peer"]], bytes.fromhex(step["compound"]))

    def _send_raw(self, step: Json) -> None:
        self.engine.send_raw(self.peers[step["peer"]], bytes.fromhex(step["datagram"]))

    def close(self) -> None:
        self.engine.close()
        for one in (*self._sockets.values(), self._bell):
            one.close()


def vector_of(name: str) -> Json:
    read: Json = json.loads((make.FOLDER / f"{name}.json").read_text())
    return read


def _socket() -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.bind(("127.0.0.1", 0))
    opened.setblocking(False)
    return opened


def _drained(opened: socket.socket) -> Iterator[bytes]:
    while True:
        try:
            yield opened.recv(4096)
        except BlockingIOError:
            return


def _name_in(named: dict[str, Any], thing: object) -> str:
    return next(name for name, one in named.items() if one is thing)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", [path.stem for path in VECTORS])
async def test_an_engine_does_to_the_bit_what_the_vector_says(name: str, engine: str) -> None:
    vector = vector_of(name)
    stand = Stand(ENGINES[engine], vector)
    try:
        for number, step in enumerate(vector["steps"]):
            out, told = await stand.play(step)
            assert out == step.get("out", {}), f"step {number}: {step['do']}"
            assert told == step.get("told", []), f"step {number}: {step['do']}"
        check_the_facts(stand, vector)
    finally:
        stand.close()


def check_the_facts(stand: Stand, vector: Json) -> None:
    """What the engine has counted and noted on the way."""
    for name, packets in vector["taps"].items():
        assert [[one.packet.hex(), one.arrived_ns] for one in stand.rings[name]] == packets
    for name, facts in vector["streams"].items():
        stream = stand.streams[name]
        assert [stream.packets, stream.octets] == [facts["packets"], facts["octets"]]
        assert list(stream.take_levels()) == facts["levels"]
        assert stream.take_levels() == (127, 127, 0)
    for name, facts in vector["routes"].items():
        route = stand.routes[name]
        assert [route.packets, route.octets, route.repairs_sent] == list(facts.values())
    for name, peer in stand.peers.items():
        assert [list(arrival) for arrival in peer.arrivals] == vector["arrivals"].get(name, [])
        assert peer.received_octets == vector["received_octets"][name]
    counted = {what: count for what, count in stand.engine.counts.snapshot().items() if count}
    assert counted == vector["counts"]


def test_the_vectors_are_what_the_reference_makes() -> None:
    made = dict(make.vectors())
    assert set(made) == {path.name for path in VECTORS}
    for name, text in made.items():
        assert (make.FOLDER / name).read_text() == text, f"{name}: python -m tests.golden.make"


def test_every_srtp_profile_has_vectors() -> None:
    profiles = {vector_of(path.stem)["profile"] for path in VECTORS}
    assert profiles == {"AEAD_AES_256_GCM", "AEAD_AES_128_GCM", "AES128_CM_SHA1_80"}
