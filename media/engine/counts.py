"""What came to the door of the media plane and went no further, and why. Facts, read by snapshot."""

from dataclasses import asdict, dataclass


@dataclass
class EngineCounts:
    """Datagrams by their fate. One instance serves a whole media process."""

    empty: int = 0
    unknown_kind: int = 0
    """The first byte is none of STUN, DTLS, RTP (RFC 7983)."""
    stranger: int = 0
    """DTLS or media from a path that never passed an authenticated connectivity check."""
    dtls_backlog: int = 0
    srtp_refused: int = 0
    rtp_malformed: int = 0
    rtcp_malformed: int = 0
    faults: int = 0
    """Anything else that raised while a datagram was handled."""
    send_dropped: int = 0
    tap_dropped: int = 0
    """Packets that the recorder could not take in time."""

    def snapshot(self) -> dict[str, int]:
        return asdict(self)
