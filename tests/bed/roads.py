"""The paths beneath a browser's stand-in: UDP by ICE from one or more addresses, or TCP, one after the other."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from aioice import ice
from aioice.candidate import Candidate

from cloudcourt.observability.tasks import Crew
from tests.bed.ice_checks import binding_check, read_answer

LOOPBACK = "127.0.0.1"


class Road(Protocol):
    async def send(self, datagram: bytes) -> None: ...

    async def close(self) -> None: ...


class Roads:
    """What a DTLS transport reads from and sends through; the roads change beneath it."""

    role = "controlling"

    def __init__(self) -> None:
        self.current: Road | None = None
        self.old: list[Road] = []
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.loses: Callable[[bytes], bool] = lambda _datagram: False
        """Which of the datagrams that come get lost."""
        self.drops: Callable[[bytes], bool] = lambda _datagram: False
        """Which of those that are sent do."""

    def take(self, road: Road) -> None:
        """Send by this road from now on. Earlier ones are still heard, until all are closed."""
        if self.current is not None:
            self.old.append(self.current)
        self.current = road

    def put(self, datagram: bytes) -> None:
        if not self.loses(datagram):
            self._inbox.put_nowait(datagram)

    async def _recv(self) -> bytes:
        datagram = await self._inbox.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def _send(self, datagram: bytes) -> None:
        if self.current is None:
            raise ConnectionError
        if not self.drops(datagram):
            await self.current.send(datagram)

    async def close(self) -> None:
        for road in (*self.old, self.current):
            if road is not None:
                await road.close()
        self.current, self.old = None, []
        self._inbox.put_nowait(None)


class UdpRoad(ice.Connection):
    """An ICE agent that lives on the given addresses only; counts what comes on each of them."""

    def __init__(self, roads: Roads, hosts: tuple[str, ...] = (LOOPBACK,)) -> None:
        super().__init__(ice_controlling=True)
        self._roads, self._hosts = roads, hosts
        self.came = 0

    async def get_component_candidates(self, component: int, addresses: list[str], timeout: int = 5) -> list[Candidate]:
        return await super().get_component_candidates(component, list(self._hosts), timeout)

    def data_received(self, data: bytes, component: int) -> None:
        self.came += 1
        self._roads.put(data)

    async def reach(self, candidates: list[str], ufrag: str, password: str) -> None:
        """Connect to where an answer says. Raises ConnectionError."""
        for line in candidates:
            candidate = Candidate.from_sdp(line)
            if ":" not in candidate.host and candidate.transport == "udp":
                await self.add_remote_candidate(candidate)
        await self.add_remote_candidate(None)
        self.remote_is_lite = True
        self.remote_username, self.remote_password = ufrag, password
        await self.connect()

    @property
    def server(self) -> tuple[str, int]:
        """Where the server was found."""
        host, port = self._nominated[1].remote_addr
        return str(host), int(port)

    @property
    def local(self) -> tuple[str, int]:
        host, port = self._nominated[1].local_addr
        return str(host), int(port)

    async def walk(self, host: str) -> None:
        """Nominate the path from another of our addresses, under the same credentials."""
        remote = self._nominated[1].remote_candidate
        pairs = [ice.CandidatePair(protocol, remote) for protocol in self._protocols]
        pair = next(pair for pair in pairs if pair.local_addr[0] == host)
        assert self.remote_password is not None
        request = self.build_request(pair, nominate=True)
        await pair.protocol.request(request, pair.remote_addr, integrity_key=self.remote_password.encode())
        self._nominated[1] = pair


class TcpRoad:
    """One TCP connection to the server's port (RFC 6544), each datagram in a frame (RFC 4571)."""

    def __init__(self, roads: Roads, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._roads, self._reader, self._writer = roads, reader, writer
        self._crew = Crew("tcp road")
        self._crew.start(self._read(), name="read")
        self._answered = asyncio.Event()

    @classmethod
    async def reach(cls, roads: Roads, candidates: list[str], ours: str, theirs: str, password: str) -> "TcpRoad":
        """Connect to the passive candidate on loopback, and nominate it with one check."""
        fields = next(c.split(" ") for c in candidates if " tcp " in c and f" {LOOPBACK} " in c)
        road = cls(roads, *await asyncio.open_connection(fields[4], int(fields[5])))
        await road.send(binding_check(f"{theirs}:{ours}", password, nominates=True))
        await road._answered.wait()
        return road

    async def send(self, datagram: bytes) -> None:
        self._writer.write(len(datagram).to_bytes(2, "big") + datagram)
        await self._writer.drain()

    async def _read(self) -> None:
        try:
            while True:
                size = int.from_bytes(await self._reader.readexactly(2), "big")
                datagram = await self._reader.readexactly(size)
                if datagram[0] < 4:
                    assert "XOR-MAPPED-ADDRESS" in read_answer(datagram).attributes
                    self._answered.set()
                else:
                    self._roads.put(datagram)
        except (asyncio.IncompleteReadError, ConnectionError):
            self._writer.close()

    async def close(self) -> None:
        self._writer.close()
        await self._crew.dismiss()
