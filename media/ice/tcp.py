"""ICE over TCP, the passive side: for networks that let no UDP out (RFC 6544, framed as in RFC 4571)."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import cast

from media.ice.stun import Address

_LENGTH_BYTES = 2
_FREE_PORT_TRIES = 20


@dataclass(frozen=True, slots=True)
class TcpLimits:
    """What a connection may cost us, above all while nobody has proved anything on it."""

    frame_bytes: int = 1500
    backlog_bytes: int = 256 * 1024
    """Bytes that may wait to be sent on a slow connection; then packets are dropped."""
    unauthenticated_s: float = 10.0
    unauthenticated: int = 64
    unauthenticated_a_source: int = 16
    connections: int = 512


@dataclass(slots=True)
class TcpCounts:
    """What happened at the door. Counters only."""

    accepted: int = 0
    refused: int = 0
    too_late: int = 0
    """Connections that nobody authenticated in time."""
    oversize: int = 0
    send_dropped: int = 0

    def snapshot(self) -> dict[str, int]:
        return asdict(self)


class TcpPath(asyncio.Protocol):
    """One connection, which carries datagrams as frames: two bytes of length, then the datagram."""

    def __init__(self, door: "TcpDoor") -> None:
        self.source: Address = ("", 0)
        """Host and port of the other end."""
        self._door = door
        self._transport: asyncio.Transport | None = None
        self._pending = bytearray()
        self._deadline: asyncio.TimerHandle | None = None

    @property
    def authenticated(self) -> bool:
        """Whether an authentic check has come; set it, and the connection stays."""
        return self._transport is not None and self._deadline is None

    @authenticated.setter
    def authenticated(self, is_authentic: bool) -> None:
        if is_authentic and self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
            self._door.settle(self)

    def send(self, datagram: bytes | bytearray | memoryview) -> None:
        """Send one datagram, or drop it where too much waits already: late media is worth nothing."""
        if self._transport is None or self._transport.is_closing():
            return
        limits = self._door.limits
        size = len(datagram)
        if size > limits.frame_bytes or self._transport.get_write_buffer_size() > limits.backlog_bytes:
            self._door.counts.send_dropped += 1
            return
        # Joined, because the caller reuses its buffer, and so that one packet is one segment (asyncio itself sets
        # TCP_NODELAY).
        self._transport.write(b"".join((size.to_bytes(_LENGTH_BYTES), datagram)))

    def close(self) -> None:
        """Close at once; what waits isn't sent any more."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        stream = cast(asyncio.Transport, transport)
        peer = stream.get_extra_info("peername")
        if peer is None or not self._door.admit(self, peer[0]):
            stream.abort()
            return
        self.source = (peer[0], peer[1])
        self._transport = stream
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(self._door.limits.unauthenticated_s, self._give_up)

    def data_received(self, data: bytes) -> None:
        pending = self._pending
        pending += data
        start = 0
        while self._transport is not None and not self._transport.is_closing():
            body = start + _LENGTH_BYTES
            end = body + int.from_bytes(pending[start:body])
            if end - body > self._door.limits.frame_bytes:
                self._door.counts.oversize += 1
                self.close()
                return
            if len(pending) < max(body, end):
                break
            if end > body:
                self._door.on_datagram(self, bytes(pending[body:end]))
            start = end
        del pending[:start]

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is None:  # was never let in
            return
        was_authenticated = self.authenticated
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self._transport = None
        self._door.part(self, was_authenticated)

    def _give_up(self) -> None:
        self._door.counts.too_late += 1
        self.close()


class TcpDoor:
    """Listens on one port number of every host and keeps the connections within limits.

    `on_datagram(path, datagram)` must not raise; `on_closed(path)` is called once for every connection that was let
    in, whoever closed it.
    """

    def __init__(
        self,
        hosts: tuple[str, ...],
        port: int,
        on_datagram: Callable[[TcpPath, bytes], None],
        on_closed: Callable[[TcpPath], None],
        limits: TcpLimits | None = None,
    ) -> None:
        self.limits = limits or TcpLimits()
        self.counts = TcpCounts()
        self.on_datagram = on_datagram
        self._on_closed = on_closed
        self._hosts = hosts
        self._port = port
        self._servers: list[asyncio.Server] = []
        self._paths: set[TcpPath] = set()
        self._unauthenticated: Counter[str] = Counter()
        self._all_gone = asyncio.Event()

    @property
    def port(self) -> int:
        """The port number in use, once open."""
        return self._port

    async def open(self) -> None:
        """Listen on every host; OSError where that's impossible. Port 0 takes one that is free on all of them."""
        if self._port:
            return await self._listen(self._port)
        for _ in range(_FREE_PORT_TRIES - 1):
            # Free on the first host doesn't mean free on the others.
            with suppress(OSError):
                return await self._listen(0)
        return await self._listen(0)

    async def close(self) -> None:
        """Stop listening and close every connection."""
        servers, self._servers = self._servers, []
        for server in servers:
            server.close()
        if self._paths:
            self._all_gone.clear()
            for path in tuple(self._paths):
                path.close()
            await self._all_gone.wait()
        for server in servers:
            await server.wait_closed()

    def __len__(self) -> int:
        """Connections now open."""
        return len(self._paths)

    def admit(self, path: TcpPath, host: str) -> bool:
        """Whether there is still room for a connection from `host`; if so it is counted."""
        limits, waiting = self.limits, self._unauthenticated
        if (
            not self._servers
            or len(self._paths) >= limits.connections
            or waiting.total() >= limits.unauthenticated
            or waiting[host] >= limits.unauthenticated_a_source
        ):
            self.counts.refused += 1
            return False
        self.counts.accepted += 1
        self._paths.add(path)
        waiting[host] += 1
        return True

    def settle(self, path: TcpPath) -> None:
        """A connection has proved itself: it counts among the strangers no more."""
        host = path.source[0]
        self._unauthenticated[host] -= 1
        if not self._unauthenticated[host]:
            del self._unauthenticated[host]

    def part(self, path: TcpPath, was_authenticated: bool) -> None:
        """A connection is gone."""
        if not was_authenticated:
            self.settle(path)
        self._paths.discard(path)
        if not self._paths:
            self._all_gone.set()
        self._on_closed(path)

    async def _listen(self, port: int) -> None:
        servers: list[asyncio.Server] = []
        loop = asyncio.get_running_loop()
        try:
            for host in self._hosts:
                servers.append(await loop.create_server(lambda: TcpPath(self), host, port))
                port = servers[0].sockets[0].getsockname()[1]
        except OSError:
            for server in servers:
                server.close()
            raise
        self._servers = servers
        self._port = port
