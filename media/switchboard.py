"""One process's door for live media: its ports, and who is on the line behind which address."""

import asyncio
import ipaddress
import time
from typing import Any, assert_never

import structlog

from cloudcourt.observability.tasks import Crew
from media.browser_link import BrowserLink
from media.engine.engine import (
    Begun,
    Checked,
    Gap,
    Handshaken,
    PacketEngine,
    Reported,
    Restarted,
    Slow,
    UdpPath,
    Unknown,
)
from media.engine.peers import Address
from media.engine.python_engine import PythonEngine
from media.ice.lite import IceLite
from media.ice.tcp import TcpDoor, TcpPath
from media.link import Candidate, LinkEvents
from media.options import MediaOptions
from media.seam import Identity, host_addresses, make_desk

log = structlog.get_logger()

MAX_HOST_ADDRESSES = 8
PORT_PATIENCE_S = 3.0
"""How long a wanted port may stay taken: by a worker that is just ending, say."""
_PORT_RETRY_S = 0.1
_LOOPBACK = "127.0.0.1"
_HOUSEKEEPING_S = 1.0

Path = UdpPath | TcpPath


class Switchboard:
    """Makes links. Owns the packet engine, the ICE agent, the TCP door and our certificate."""

    def __init__(self, options: MediaOptions) -> None:
        self._options = options
        self._announce = None if options.announce_address is None else ipaddress.ip_address(options.announce_address)
        self.desk = make_desk()
        self.engine: PacketEngine = PythonEngine(self.desk, self._sort)
        self.counts = self.engine.counts
        self.ice: IceLite[BrowserLink, Path] = IceLite()
        self._identity = Identity()
        self._tcp: TcpDoor | None = None
        self._own: tuple[Candidate, ...] = ()
        self._crew = Crew("switchboard")
        self.ports = ""
        """What was taken, in words, for those who watch."""

    async def open(self) -> None:
        """Take the ports. Raises OSError when there is none at all."""
        hosts = self.hosts()
        addresses, tcp = await self._take_port(hosts)
        self._own = tuple(_candidates(addresses, with_tcp=tcp is not None))
        self._tcp = tcp
        port = addresses[0][1]
        moved = "" if port == self._options.port or not self._options.port else f" (instead of {self._options.port})"
        self.ports = f"UDP{'' if tcp is None else ' and TCP'} {port}{moved}"
        self._crew.start(self._keep_house(), name="housekeeping")

    async def _take_port(self, hosts: tuple[str, ...]) -> tuple[tuple[Address, ...], TcpDoor | None]:
        give_up_at = time.monotonic() + PORT_PATIENCE_S
        wanted = self._options.port
        while True:
            try:
                return await self._try_port(hosts, wanted)
            except OSError:
                if wanted and time.monotonic() > give_up_at:
                    log.error("media port is taken by another process: any other is used", port=wanted)
                    wanted, give_up_at = 0, time.monotonic() + PORT_PATIENCE_S
                elif time.monotonic() > give_up_at:
                    raise
                await asyncio.sleep(_PORT_RETRY_S if wanted else 0)

    async def _try_port(self, hosts: tuple[str, ...], wanted: int) -> tuple[tuple[Address, ...], TcpDoor | None]:
        addresses = self.engine.open(hosts, wanted)
        if not self._options.tcp:
            return addresses, None
        door = TcpDoor(hosts, int(addresses[0][1]), self._tcp_arrived, self._tcp_closed)
        try:
            await door.open()
        except OSError:
            self.engine.close()
            raise
        return addresses, door

    def make(self, events: LinkEvents, name: str) -> BrowserLink:
        certificate, fingerprint = self._identity.current()
        return BrowserLink(self, events, name, certificate, fingerprint)

    def hosts(self) -> tuple[str, ...]:
        """Our addresses, IPv4 first; link-local ones, which need a zone to be of use, stay out."""
        found = [ipaddress.ip_address(address) for address in host_addresses()]
        usable = sorted((a for a in found if not a.is_link_local), key=lambda a: a.version)
        hosts = [str(address) for address in usable[:MAX_HOST_ADDRESSES]]
        return tuple([*hosts, _LOOPBACK] if self._options.bind_loopback or not hosts else hosts)

    def candidates(self) -> tuple[Candidate, ...]:
        """Where we can be reached; the announced address first of all, on the port of its own kind (1:1 NAT)."""
        if self._announce is None:
            return self._own
        mapped = []
        for transport in ("udp", "tcp"):
            like = [
                c
                for c in self._own
                if c.transport == transport and ipaddress.ip_address(c.host).version == self._announce.version
            ]
            mapped += [c._replace(host=str(self._announce), foundation=f"announced{transport}") for c in like[:1]]
        return (*mapped, *(c for c in self._own if c.host != str(self._announce)))

    # --- what comes ------------------------------------------------------------------------------------

    def _sort(self, batch: list[Slow]) -> None:
        """Hand out what the engine does not deal with itself. One item's fault must not cost the others."""
        for item in batch:
            try:
                self._hand_out(item)
            except Exception:  # noqa: BLE001 - counted, never logged per packet
                self.counts.faults += 1

    def _hand_out(self, item: Slow) -> None:
        match item:
            case Checked(path, datagram):
                self._check(path, path.address[:2], datagram)
            case Handshaken(peer, datagram):
                self._owner(peer).dtls_arrived(datagram)
            case Reported(peer, compound, arrived_ns):
                self._owner(peer).events.rtcp_arrived(compound, arrived_ns)
            case Unknown(peer, packet, arrived_ns):
                self._owner(peer).events.stream_appeared(packet, arrived_ns)
            case Begun(route):
                self._owner(route.viewer).events.route_begun(route)
            case Restarted(stream):
                self._owner(stream.peer).events.stream_restarted(stream)
            case Gap(stream):
                self._owner(stream.peer).events.packets_missing(stream)
            case _:
                assert_never(item)

    @staticmethod
    def _owner(peer: Any) -> BrowserLink:
        owner: BrowserLink = peer.owner
        return owner

    def _check(self, path: Path, source: Address, datagram: bytes) -> None:
        outcome = self.ice.check(path, (str(source[0]), int(source[1])), datagram, time.monotonic_ns())
        if outcome.evicted is not None:
            self._forget(outcome.evicted)
        if (link := outcome.session) is not None:
            if outcome.is_new_path:
                if isinstance(path, TcpPath):
                    path.authenticated = True
                else:
                    self.engine.bind_path(path, link.peer)
            link.checked(path if outcome.is_selected else None)
        if outcome.reply is not None:
            if isinstance(path, TcpPath):
                path.send(memoryview(outcome.reply))
            else:
                self.engine.answer_check(path, outcome.reply)

    def _tcp_arrived(self, path: TcpPath, datagram: bytes) -> None:
        first = datagram[0]
        if first < 4:
            self._check(path, path.source, datagram)
        elif (link := self.ice.session_of(path)) is None:
            self.counts.stranger += 1
        elif 20 <= first < 64:
            link.dtls_arrived(datagram)
        elif 128 <= first < 192:
            self.engine.admit_datagram(link.peer, datagram, time.monotonic_ns())
        else:
            self.counts.unknown_kind += 1

    def _tcp_closed(self, path: TcpPath) -> None:
        self.ice.forget(path)

    # --- what ends -------------------------------------------------------------------------------------

    def part_with(self, link: BrowserLink) -> None:
        """Forget a link: its credentials, its paths, its keys."""
        for path in self.ice.remove(link):
            self._forget(path)
        self.engine.remove_peer(link.peer)

    def _forget(self, path: Path) -> None:
        if isinstance(path, TcpPath):
            path.close()
        else:
            self.engine.forget_path(path)

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(_HOUSEKEEPING_S)
            for _, path in self.ice.expire(time.monotonic_ns()):
                self._forget(path)

    async def close(self) -> None:
        """Give the ports back. Links should be closed before. Idempotent."""
        await self._crew.dismiss()
        if self._tcp is not None:
            await self._tcp.close()
        self.engine.close()


def _candidates(addresses: tuple[Address, ...], *, with_tcp: bool) -> list[Candidate]:
    """Host candidates, UDP before TCP (RFC 8445 section 5.1.2; type preferences as in RFC 6544 section 4.2)."""
    found = []
    for number, (host, port) in enumerate(addresses):
        local = 65535 - number
        found.append(Candidate(f"udp{number}", 126 << 24 | local << 8 | 255, host, port, "udp"))
        if with_tcp:
            found.append(Candidate(f"tcp{number}", 90 << 24 | (4 << 13 | 8191 - number) << 8 | 255, host, port, "tcp"))
    return found
