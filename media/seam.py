"""The one file that knows the insides of aiortc, aioice and pylibsrtp: ICE, DTLS and SRTP for one browser.

aioice does the connectivity checks and aiortc the DTLS handshake; neither ever sees a media packet, and neither
owns a socket. The sockets are raw and drained many datagrams at a time; libsrtp works in place on reused buffers.
Exact versions only: `tests/contract/test_seam.py` holds one assertion per private name used here.
"""

import asyncio
import ipaddress
import socket
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, cast

import structlog
from aioice import ice
from aioice.candidate import Candidate as IceCandidate
from aioice.candidate import candidate_foundation, candidate_priority
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceParameters, RTCIceTransport
from pylibsrtp import _binding

from cloudcourt.observability.tasks import Crew
from media.guard import Address, IngressCounts, IngressGuard
from media.link import Candidate, LinkEvents, LocalFace, RemoteFace
from media.rtp import is_rtcp

log = structlog.get_logger()

EXACT_VERSIONS = {"aiortc": "1.16.0", "aioice": "0.13.0", "pylibsrtp": "1.0.0"}
CONNECT_DEADLINE_S = 30.0
CERTIFICATE_S = 7 * 24 * 3600
"""When we take a new certificate; aiortc's are good for 30 days."""
MAX_DATAGRAM = 2048
MAX_HOST_ADDRESSES = 8
MAX_KNOWN_ADDRESSES = 64
MAX_DTLS_BACKLOG = 64
DATAGRAMS_PER_TURN = 64
_RECEIVE_BUFFER_BYTES = 1 << 20
_SRTP_TRAILER_BYTES = 16 + 128
_LOOPBACK = "127.0.0.1"


def check_versions(found: Callable[[str], str] = version) -> None:
    """Refuse to run on a library whose insides we haven't read. Raises RuntimeError."""
    for name, wanted in EXACT_VERSIONS.items():
        if (present := found(name)) != wanted:
            raise RuntimeError(f"the media seam needs {name} {wanted}, found {present}")


check_versions()


class _Desk:
    """libsrtp and the two packet buffers that all links of a switchboard share; nothing here awaits."""

    def __init__(self) -> None:
        ffi, lib = _binding.ffi, _binding.lib
        self.received = ffi.new("char[]", MAX_DATAGRAM)
        self.received_view = memoryview(ffi.buffer(self.received))
        self.sent = ffi.new("char[]", MAX_DATAGRAM)
        self.sent_view = memoryview(ffi.buffer(self.sent))
        self.length = ffi.new("int *")
        self.protect, self.protect_rtcp = lib.srtp_protect, lib.srtp_protect_rtcp
        self.unprotect, self.unprotect_rtcp = lib.srtp_unprotect, lib.srtp_unprotect_rtcp


class _Socket:
    """Looks like the datagram transport that aioice writes to; reads in batches, past asyncio's own path."""

    def __init__(self, address: str, desk: _Desk, counts: IngressCounts) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
            self._socket.bind((address, 0))
        except OSError:
            self._socket.close()
            raise
        self.address: Address = self._socket.getsockname()[:2]
        self._desk = desk
        self._counts = counts
        self._guard: IngressGuard | None = None
        self._closed: Callable[[None], None] | None = None

    def open(self, guard: IngressGuard, closed: Callable[[None], None]) -> None:
        self._guard, self._closed = guard, closed
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._drain)

    def _drain(self) -> None:
        view, guard = self._desk.received_view, self._guard
        receive = self._socket.recvfrom_into
        if guard is None:
            return
        for _ in range(DATAGRAMS_PER_TURN):
            try:
                size, address = receive(view)
            except OSError:  # nothing left, or an ICMP error of an earlier send
                return
            guard.admit(view, size, address[:2])

    def sendto(self, datagram: bytes | memoryview, address: Address) -> None:
        try:
            self._socket.sendto(datagram, address)
        except OSError:  # full, unreachable or closed: UDP may drop
            self._counts.send_dropped += 1

    def get_extra_info(self, name: str) -> Any:
        return {"sockname": self.address, "socket": self._socket}.get(name)

    def close(self) -> None:
        closed, self._closed = self._closed, None
        if closed is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._socket.fileno())
        self._socket.close()
        loop.call_soon(closed, None)


class _IceConnection(ice.Connection):
    """aioice's agent on our sockets. It contacts no server and checks no address that a client named."""

    def __init__(self, desk: _Desk, hosts: tuple[str, ...], counts: IngressCounts) -> None:
        super().__init__(ice_controlling=False)
        self.known: set[Address] = set()
        self.last_heard_ns = 0
        self.selected: tuple[_Socket, Address] | None = None
        self.media: Callable[[memoryview, int], None] = lambda _buffer, _size: None
        self._desk, self._hosts, self._counts = desk, hosts, counts

    async def get_component_candidates(
        self,
        component: int,
        addresses: list[str],
        timeout: int = 5,
    ) -> list[IceCandidate]:
        """Take one port on each of our own addresses. `addresses` is aioice's idea of them, not ours."""
        candidates = []
        for preference, host in enumerate(self._hosts):
            try:
                port = _Socket(host, self._desk, self._counts)
            except OSError:
                continue
            candidates.append(self._add_port(port, component, 65535 - preference))
        return candidates

    def _add_port(self, port: _Socket, component: int, preference: int) -> IceCandidate:
        protocol = ice.StunProtocol(self)
        protocol.connection_made(cast(asyncio.DatagramTransport, port))
        protocol.local_candidate = IceCandidate(
            foundation=candidate_foundation("host", "udp", port.address[0]),
            component=component,
            transport="udp",
            priority=candidate_priority(component, "host", preference),
            host=port.address[0],
            port=port.address[1],
            type="host",
        )
        guard = IngressGuard(
            self._counts,
            self.known,
            stun=protocol.datagram_received,
            dtls=self._admit_dtls,
            media=lambda buffer, size: self.media(buffer, size),
        )
        port.open(guard, protocol.connection_lost)
        self._protocols.append(protocol)
        return protocol.local_candidate

    def _admit_dtls(self, datagram: bytes) -> None:
        if self._queue.qsize() < MAX_DTLS_BACKLOG:
            self._queue.put_nowait((datagram, 1))
        else:
            self._counts.dtls_backlog += 1

    def data_received(self, data: bytes, component: int) -> None:
        """What aioice's STUN parser couldn't read."""
        self._counts.stun_refused += 1

    def check_incoming(self, message: Any, addr: Address, protocol: ice.StunProtocol) -> None:
        """An authenticated check: from now on its sender is known."""
        if addr not in self.known:
            if len(self.known) >= MAX_KNOWN_ADDRESSES:
                return
            self.known.add(addr)
        self.last_heard_ns = time.monotonic_ns()
        super().check_incoming(message, addr, protocol)

    def check_complete(self, pair: ice.CandidatePair) -> None:
        super().check_complete(pair)
        if (nominated := self._nominated.get(1)) is not None:
            port = cast(_Socket, nominated.protocol.transport)
            self.selected = (port, nominated.remote_addr)

    async def get_event(self) -> ice.ConnectionEvent:
        """aiortc's monitor would spin for ever on the None of a connection closed before it began."""
        return await super().get_event() or ice.ConnectionClosed()


class AiortcLink:
    """A `Link` by aioice, aiortc's DTLS and libsrtp. Made by a Switchboard."""

    def __init__(self, board: "Switchboard", events: LinkEvents, name: str) -> None:
        self._board, self._events = board, events
        self._desk, self._counts = board.desk, board.counts
        self._ice_connection = _IceConnection(board.desk, board.hosts(), board.counts)
        gatherer = RTCIceGatherer(iceServers=[])
        gatherer._connection = self._ice_connection
        self._gatherer = gatherer
        self._ice = RTCIceTransport(gatherer)
        self._dtls = RTCDtlsTransport(self._ice, [board.certificate])
        self._fingerprint = board.fingerprint
        self._crew = Crew(f"link {name}")
        self._receive_key: Any = None
        self._send_key: Any = None
        self._closing: asyncio.Event | None = None
        self._lost = False

    @property
    def connected(self) -> bool:
        return self._send_key is not None

    @property
    def last_heard_ns(self) -> int:
        return self._ice_connection.last_heard_ns

    async def prepare(self) -> LocalFace:
        await self._gatherer.gather()
        found = self._gatherer.getLocalCandidates()
        if not found:
            raise OSError("no address to bind a media port to")
        mine = self._gatherer.getLocalParameters()
        own = tuple(Candidate(c.foundation, c.priority, c.ip, c.port) for c in found)
        return LocalFace(
            mine.usernameFragment or "", mine.password or "", self._fingerprint, self._board.announced(own)
        )

    def start(self, remote: RemoteFace) -> None:
        self._crew.start(self._establish(remote), name="establish")

    async def _establish(self, remote: RemoteFace) -> None:
        try:
            async with asyncio.timeout(CONNECT_DEADLINE_S):
                await self._ice.start(RTCIceParameters(remote.ufrag, remote.password))
                if self._ice.state != "completed":
                    return self._lose("ice_failed")
                self._dtls._set_role("client" if remote.we_start_dtls else "server")
                prints = [RTCDtlsFingerprint(*fingerprint) for fingerprint in remote.fingerprints]
                await self._dtls.start(RTCDtlsParameters(fingerprints=prints))
        except TimeoutError:
            return self._lose("connect_deadline")
        if self._dtls.state != "connected":
            return self._lose("dtls_failed")
        return self._open_media()

    def _open_media(self) -> None:
        self._receive_key = self._dtls._rx_srtp._srtp[0]
        self._send_key = self._dtls._tx_srtp._srtp[0]
        self._ice_connection.media = self._media_arrived
        self._dtls.on("statechange", self._dtls_changed)
        self._events.link_connected()

    def _dtls_changed(self) -> None:
        if self._dtls.state in ("closed", "failed"):
            self._lose("closed_by_peer")

    def _lose(self, reason: str) -> None:
        self._send_key = None
        if self._closing is None and not self._lost:
            self._lost = True
            self._events.link_lost(reason)

    def _media_arrived(self, buffer: memoryview, size: int) -> None:
        desk = self._desk
        rtcp = is_rtcp(buffer[1]) if size > 1 else False
        desk.length[0] = size
        status = (desk.unprotect_rtcp if rtcp else desk.unprotect)(self._receive_key, desk.received, desk.length)
        if status != 0:
            self._counts.srtp_refused += 1
            return
        now_ns = self._ice_connection.last_heard_ns = time.monotonic_ns()
        packet = bytes(buffer[: desk.length[0]])
        if rtcp:
            self._events.rtcp_arrived(packet, now_ns)
        else:
            self._events.rtp_arrived(packet, now_ns)

    def send_rtp(self, head: bytes, packet: bytes, offset: int) -> None:
        body_at = len(head)
        size = body_at + len(packet) - offset
        if self._send_key is None or size > MAX_DATAGRAM - _SRTP_TRAILER_BYTES:
            self._counts.send_dropped += 1
            return
        view = self._desk.sent_view
        view[:body_at] = head
        view[body_at:size] = packet[offset:]
        self._protect_and_send(self._desk.protect, size)

    def send_rtcp(self, compound: bytes) -> None:
        size = len(compound)
        if self._send_key is None or size > MAX_DATAGRAM - _SRTP_TRAILER_BYTES:
            self._counts.send_dropped += 1
            return
        self._desk.sent_view[:size] = compound
        self._protect_and_send(self._desk.protect_rtcp, size)

    def _protect_and_send(self, protect: Callable[[Any, Any, Any], int], size: int) -> None:
        desk, selected = self._desk, self._ice_connection.selected
        desk.length[0] = size
        if selected is None or protect(self._send_key, desk.sent, desk.length) != 0:
            self._counts.send_dropped += 1
            return
        port, address = selected
        port.sendto(desk.sent_view[: desk.length[0]], address)

    async def close(self) -> None:
        if self._closing is not None:
            await self._closing.wait()
            return
        self._closing = asyncio.Event()
        self._send_key = None
        self._ice_connection.media = lambda _buffer, _size: None
        try:
            await self._crew.dismiss()
            await self._stop_libraries()
        finally:
            self._closing.set()

    async def _stop_libraries(self) -> None:
        pump = self._dtls._task
        for stop in (self._dtls.stop, self._ice.stop):
            try:
                await stop()
            except Exception:
                log.warning("media link did not close cleanly", exc_info=True)
        if pump is not None:
            await asyncio.wait([pump])
        self._dtls.remove_all_listeners()


class Switchboard:
    """Makes links; owns what they share: the certificate, the packet buffers, our addresses, the counters."""

    def __init__(self, *, announce_address: str | None, bind_loopback: bool, counts: IngressCounts) -> None:
        self.counts = counts
        self.desk = _Desk()
        self._renew_certificate()
        self._announce = None if announce_address is None else ipaddress.ip_address(announce_address)
        self._bind_loopback = bind_loopback

    def _renew_certificate(self) -> None:
        self.certificate = RTCCertificate.generateCertificate()
        prints = self.certificate.getFingerprints()
        self.fingerprint = next(f.value for f in prints if f.algorithm == "sha-256")
        self._renew_at_s = time.monotonic() + CERTIFICATE_S

    def make(self, events: LinkEvents, name: str) -> AiortcLink:
        if time.monotonic() > self._renew_at_s:
            self._renew_certificate()
        return AiortcLink(self, events, name)

    def hosts(self) -> tuple[str, ...]:
        """Our addresses, IPv4 first; link-local ones, which need a zone to be of use, stay out."""
        found = [ipaddress.ip_address(a) for a in ice.get_host_addresses(use_ipv4=True, use_ipv6=True)]
        usable = sorted((a for a in found if not a.is_link_local), key=lambda a: a.version)
        hosts = [str(address) for address in usable[:MAX_HOST_ADDRESSES]]
        return tuple([*hosts, _LOOPBACK] if self._bind_loopback else hosts)

    def announced(self, own: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """`own`, and first of all the announced address on the port of its own kind (1:1 NAT)."""
        if self._announce is None:
            return own
        for candidate in own:
            if ipaddress.ip_address(candidate.host).version == self._announce.version:
                mapped = candidate._replace(host=str(self._announce), foundation="announced")
                return (mapped, *(c for c in own if c.host != mapped.host))
        return own
