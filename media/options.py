"""What one media process must be told to take its ports and to keep records. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MediaOptions:
    """`port` is the UDP port on every own address; 0 takes any free one. `tcp`: the same number for ICE-TCP.

    `announce_address` is what the world calls us behind a 1:1 NAT; `bind_loopback` also answers on 127.0.0.1.
    """

    port: int = 0
    tcp: bool = True
    announce_address: str | None = None
    bind_loopback: bool = True
    booked_minutes: int = 0
    """A hearing may begin only where so long a record of it has room."""
