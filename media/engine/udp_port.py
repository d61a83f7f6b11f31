"""One UDP socket, read past asyncio's own path: it knows who is behind which address."""

import asyncio
import socket
from collections.abc import Callable

from media.engine.peers import Address, EnginePeer

_BUFFER_BYTES = 1 << 21


class UdpPort:
    """Bound to one of our addresses, so that answers leave from where the question came to. Raises OSError."""

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
            if family == socket.AF_INET6:
                self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self.address: Address = self._socket.getsockname()[:2]
        self.peers: dict[Address, EnginePeer] = {}
        """Who passed an authenticated check from where."""
        self.receive = self._socket.recvfrom_into
        self.send = self._socket.sendto

    def read_with(self, drain: Callable[[], None]) -> None:
        asyncio.get_running_loop().add_reader(self._socket.fileno(), drain)

    def forget(self, peer: EnginePeer) -> None:
        for address in [address for address, known in self.peers.items() if known is peer]:
            del self.peers[address]

    def close(self) -> None:
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()
        self.peers.clear()
