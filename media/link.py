"""The path to one browser: all that forwarding knows of ICE, DTLS and SRTP. Values and Protocols only."""

from typing import NamedTuple, Protocol


class Candidate(NamedTuple):
    """A UDP address at which we can be reached."""

    foundation: str
    priority: int
    host: str
    port: int


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

    def rtp_arrived(self, packet: bytes, arrived_ns: int) -> None:
        """A decrypted RTP packet; `arrived_ns` is monotonic."""
        ...

    def rtcp_arrived(self, compound: bytes, arrived_ns: int) -> None: ...


class Link(Protocol):
    """An encrypted path to one browser. Sends are dropped, and never raise, unless it is connected."""

    @property
    def connected(self) -> bool: ...

    @property
    def last_heard_ns(self) -> int:
        """When the last authenticated datagram came (monotonic); 0 before the first."""
        ...

    async def prepare(self) -> LocalFace:
        """Take our ports. Raises OSError when there are none."""
        ...

    def start(self, remote: RemoteFace) -> None:
        """Begin to connect in the background; `link_connected` or `link_lost` follows."""
        ...

    def send_rtp(self, head: bytes, packet: bytes, offset: int) -> None:
        """Encrypt and send `head + packet[offset:]`."""
        ...

    def send_rtcp(self, compound: bytes) -> None: ...

    async def close(self) -> None:
        """Idempotent; never raises."""
        ...
