"""One browser's encrypted path: ICE finds it, DTLS agrees on keys, the packet engine uses both."""

import asyncio
import time
from typing import TYPE_CHECKING

import structlog
from aiortc.rtcdtlstransport import RTCCertificate

from cloudcourt.observability.tasks import Crew
from media.engine.engine import UdpPath
from media.engine.peers import EnginePeer
from media.ice.tcp import TcpPath
from media.link import LinkEvents, LocalFace, RemoteFace, Transport
from media.seam import DtlsLine, HandshakeFailed

if TYPE_CHECKING:
    from media.switchboard import Switchboard

log = structlog.get_logger()

CONNECT_DEADLINE_S = 30.0


class BrowserLink:
    """A `Link`. Made by a Switchboard, which calls `checked` and `dtls_arrived`."""

    def __init__(
        self,
        board: "Switchboard",
        events: LinkEvents,
        name: str,
        certificate: RTCCertificate,
        fingerprint: str,
    ) -> None:
        self.events = events
        self.peer = EnginePeer(self)
        self._board, self._fingerprint = board, fingerprint
        self._dtls = DtlsLine(certificate, self._send_dtls, self._ended)
        self._crew = Crew(f"link {name}")
        self._path: UdpPath | TcpPath | None = None
        self._found = asyncio.Event()
        self._checked_ns = 0
        self._closing: asyncio.Event | None = None
        self._lost = False

    @property
    def connected(self) -> bool:
        return self.peer.send_key is not None

    @property
    def transport(self) -> Transport:
        return "tcp" if isinstance(self._path, TcpPath) else "udp"

    @property
    def last_heard_ns(self) -> int:
        return max(self._checked_ns, self.peer.heard_ns)

    def start(self, remote: RemoteFace) -> LocalFace:
        if not self._board.candidates():
            raise OSError("no media port is open")
        ufrag, password = self._board.ice.add(self)
        self._board.ice.expect(self, remote.ufrag)
        self._crew.start(self._establish(remote), name="establish")
        return LocalFace(ufrag, password, self._fingerprint, self._board.candidates())

    def restart(self, remote: RemoteFace) -> LocalFace:
        ufrag, password = self._board.ice.restart(self, remote.ufrag, time.monotonic_ns())
        return LocalFace(ufrag, password, self._fingerprint, self._board.candidates())

    def checked(self, selected: UdpPath | TcpPath | None) -> None:
        """An authentic check came; `selected` is the path to be used from now on, if that changed."""
        self._checked_ns = time.monotonic_ns()
        if selected is not None:
            self._path = selected
            self._board.engine.move_peer(self.peer, selected)
            self._found.set()
            if self.connected:
                self.events.path_moved()

    def dtls_arrived(self, datagram: bytes) -> None:
        if not self._dtls.feed(datagram):
            self._board.counts.dtls_backlog += 1

    def _send_dtls(self, datagram: bytes) -> None:
        self._board.engine.send_raw(self.peer, datagram)

    async def _establish(self, remote: RemoteFace) -> None:
        try:
            async with asyncio.timeout(CONNECT_DEADLINE_S):
                await self._found.wait()
                keys = await self._dtls.shake_hands(remote.fingerprints, we_start=remote.we_start_dtls)
        except TimeoutError:
            return self._lose("connect_deadline")
        except HandshakeFailed:
            return self._lose("dtls_failed")
        desk = self._board.desk
        self._keys = keys  # the sessions own the keys' memory
        self.peer.receive_key, self.peer.send_key = desk.key_of(keys.receive), desk.key_of(keys.send)
        log.info("media link stands", transport=self.transport, srtp=keys.profile)
        return self.events.link_connected()

    def _ended(self) -> None:
        self._lose("closed_by_peer")

    def _lose(self, reason: str) -> None:
        self.peer.receive_key = self.peer.send_key = None
        if self._closing is None and not self._lost:
            self._lost = True
            self.events.link_lost(reason)

    async def close(self) -> None:
        if self._closing is not None:
            await self._closing.wait()
            return
        self._closing = asyncio.Event()
        self.peer.receive_key = self.peer.send_key = None
        try:
            await self._crew.dismiss()
            await self._dtls.close()
        finally:
            self._board.part_with(self)
            self._closing.set()
