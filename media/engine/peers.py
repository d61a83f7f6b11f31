"""One browser as the packet engine knows it: its keys, its path, and its streams."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from media.engine.incoming import Incoming

Address = tuple[Any, ...]
"""A socket address: (host, port) for IPv4, with flow and scope for IPv6."""

MAX_STREAMS = 24
"""Streams of one browser: two kinds, three layers, each with its repairs, and as many again while they change."""
MAX_ARRIVALS = 4096


def _nowhere(_datagram: memoryview, _address: Address) -> None:
    raise OSError


class EnginePeer:
    """Holds no packet. `owner` is whoever is told of what the engine doesn't understand."""

    __slots__ = (
        "address",
        "arrivals",
        "heard_ns",
        "owner",
        "receive_key",
        "received_octets",
        "repairs",
        "send",
        "send_key",
        "streams",
    )

    def __init__(self, owner: Any) -> None:
        self.owner = owner
        self.receive_key: Any = None
        self.send_key: Any = None
        self.send: Callable[[memoryview, Address], object] = _nowhere
        self.address: Address = ()
        self.streams: dict[int, Incoming] = {}
        """By SSRC."""
        self.repairs: dict[int, Incoming] = {}
        """The original stream by the SSRC of its repairs (RFC 4588)."""
        self.arrivals: list[tuple[int, int]] = []
        """Transport-wide sequence numbers and when they came, since the last feedback."""
        self.heard_ns = 0
        """When the last authentic datagram came (monotonic); 0 before the first."""
        self.received_octets = 0
