"""The path to one browser: all that forwarding knows of ICE and DTLS. Values and Protocols only."""

from typing import Literal, NamedTuple, Protocol

from media.engine.incoming import Incoming
from media.engine.outgoing import Outgoing
from media.engine.peers import EnginePeer

Transport = Literal["udp", "tcp"]


class Candidate(NamedTuple):
    """An address at which we can be reached (RFC 8839; TCP is passive, RFC 6544)."""

    foundation: str
    priority: int
    host: str
    port: int
    transport: Transport = "udp"


class LocalFace(NamedTuple):
    """How we show ourselves in an answer. `fingerprint` is SHA-256, upper case, with colons."""

    ufrag: str
    password: str
    fingerprint: str
    candidates: tuple[Candidate, ...]


class RemoteFace(NamedTuple):
    """What the browser's offer says of its end. `we_start_dtls`: we are the DTLS client."""

    ufrag: str
    password: str
    fingerprints: tuple[tuple[str, str], ...]
    we_start_dtls: bool


class LinkEvents(Protocol):
    """Whom a link tells. All of these return at once and are called from the event loop."""

    def link_connected(self) -> None: ...

    def link_lost(self, reason: str) -> None:
        """Once, unless we closed the link ourselves."""
        ...

    def path_moved(self) -> None:
        """The link stands and goes another way from now on: what was on its way is probably lost."""
        ...

    def stream_appeared(self, packet: bytes, arrived_ns: int) -> None:
        """A decrypted RTP packet of a stream that was not declared; `arrived_ns` is monotonic."""
        ...

    def stream_restarted(self, stream: Incoming) -> None: ...

    def packets_missing(self, stream: Incoming) -> None:
        """Something is missing that is worth asking for; told again only after `stream.is_asking` was cleared."""
        ...

    def route_begun(self, route: Outgoing) -> None: ...

    def rtcp_arrived(self, compound: bytes, arrived_ns: int) -> None: ...


class Link(Protocol):
    """An encrypted path to one browser. What is sent before it is connected is dropped."""

    peer: EnginePeer

    @property
    def connected(self) -> bool: ...

    @property
    def transport(self) -> Transport: ...

    @property
    def last_heard_ns(self) -> int:
        """When the last authenticated datagram came (monotonic); 0 before the first."""
        ...

    def start(self, remote: RemoteFace) -> LocalFace:
        """Begin to connect; `link_connected` or `link_lost` follows. Raises OSError when no port is open."""
        ...

    def restart(self, remote: RemoteFace) -> LocalFace:
        """New credentials for a new path; keys, streams and the old path stay until the new one is there."""
        ...

    async def close(self) -> None:
        """Idempotent; never raises."""
        ...
