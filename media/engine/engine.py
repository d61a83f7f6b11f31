"""What live forwarding asks of a packet engine. One suite of golden vectors defines it for every engine.

Routes are data, never callbacks. What the engine does not understand comes out of it as a batch once a turn; what a
recorder wants goes into rings; facts are counters that are read when somebody wants to know.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from media.engine.counts import EngineCounts
from media.engine.incoming import Incoming, StreamSpec, Tap
from media.engine.outgoing import Outgoing, RouteSpec
from media.engine.peers import Address, EnginePeer


class UdpPath(NamedTuple):
    """Where a datagram came from: one of our ports, and the sender's address."""

    port: int
    """Which of our sockets; they share one port number on several addresses."""
    address: Address


class Checked(NamedTuple):
    """A STUN datagram."""

    path: UdpPath
    datagram: bytes


class Handshaken(NamedTuple):
    """A DTLS datagram of a browser whose path is known."""

    peer: EnginePeer
    datagram: bytes


class Reported(NamedTuple):
    """A decrypted RTCP compound packet."""

    peer: EnginePeer
    compound: bytes
    arrived_ns: int


class Unknown(NamedTuple):
    """A decrypted RTP packet of a stream that nobody has declared yet."""

    peer: EnginePeer
    packet: bytes
    arrived_ns: int


class Begun(NamedTuple):
    """A route took its first packet of a stream: the viewer wants a sender report."""

    route: Outgoing


class Restarted(NamedTuple):
    """A stream's numbers leapt: it is another stream under the old name, and its routes wait for a key frame."""

    stream: Incoming


class Gap(NamedTuple):
    """Packets are missing that are worth asking for. Said once, until `stream.is_asking` is cleared."""

    stream: Incoming


Slow = Checked | Handshaken | Reported | Unknown | Begun | Restarted | Gap


class Wire(Protocol):
    """A path that is not one of our UDP sockets: a TCP connection."""

    def send(self, datagram: memoryview) -> object: ...


class PacketEngine(Protocol):
    """Owns the sockets. All methods belong to the event loop and return at once."""

    counts: EngineCounts

    def open(self, hosts: tuple[str, ...], port: int) -> tuple[Address, ...]:
        """Take the same UDP port on every host, and begin to read. Raises OSError, and then holds none."""
        ...

    def close(self) -> None: ...

    def answer_check(self, path: UdpPath, datagram: bytes) -> None:
        """Send a STUN response back to where its request came from."""
        ...

    def bind_path(self, path: UdpPath, peer: EnginePeer) -> None:
        """From now on, DTLS and media from there are this browser's."""
        ...

    def forget_path(self, path: UdpPath) -> None: ...

    def move_peer(self, peer: EnginePeer, path: UdpPath | Wire) -> None:
        """Send to there from now on."""
        ...

    def remove_peer(self, peer: EnginePeer) -> None:
        """Forget its paths and streams; nothing more is sent to it."""
        ...

    def add_stream(self, peer: EnginePeer, ssrc: int, spec: StreamSpec, first_seq: int) -> Incoming: ...

    def add_repairs(self, stream: Incoming, ssrc: int) -> None:
        """Lost packets of the stream come again under that SSRC (RFC 4588)."""
        ...

    def remove_stream(self, stream: Incoming) -> None:
        """Its routes and its tap end."""
        ...

    def add_route(self, viewer: EnginePeer, spec: RouteSpec) -> Outgoing: ...

    def aim(self, route: Outgoing, stream: Incoming | None, *, cut: bool = True) -> None:
        """Take `stream` from its next key frame on (sound: from its next packet on); None takes nothing.

        With `cut` what flowed until now ends before this returns; otherwise it flows until the switch.
        """
        ...

    def set_tap(self, stream: Incoming, tap: Tap | None, *, instead_of: Incoming | None = None) -> None:
        """Copy every packet of the stream into the tap's ring.

        With `instead_of`, another layer is copied until this one's next key frame, and not after it.
        """
        ...

    def set_ear(self, stream: Incoming, ear: Tap | None) -> None:
        """Copy every packet of the stream into a second ring, which drops its oldest; None ends it."""
        ...

    def admit(self, peer: EnginePeer, packet: bytes, now_ns: int) -> None:
        """Deal with a decrypted packet again, after its stream was declared."""
        ...

    def admit_datagram(self, peer: EnginePeer, datagram: bytes, now_ns: int) -> None:
        """Deal with an SRTP or SRTCP datagram that came another way than UDP."""
        ...

    def send_rtcp(self, peer: EnginePeer, compound: bytes) -> None: ...

    def send_raw(self, peer: EnginePeer, datagram: bytes) -> None:
        """Send a DTLS record."""
        ...

    def resend(self, route: Outgoing, seqs: tuple[int, ...]) -> int:
        """Send packets again that the viewer lost, as far as they are kept; how many were."""
        ...

    def pad(self, route: Outgoing, packets: int) -> int:
        """Send packets of nothing but padding on the route's repair stream; how many octets."""
        ...


SlowBatch = Callable[[list[Slow]], None]
