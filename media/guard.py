"""The ingress guard: what stands between a UDP socket and every parser.

Decides by the first byte (RFC 7983) and by who sent it, hands the datagram to one of three lanes, and lets
nothing raise: one odd datagram must never cost anybody their connection, or the log a line.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

Address = tuple[str, int]


@dataclass(slots=True)
class IngressCounts:
    """Datagrams that were dropped, by reason. Counters only: nothing is logged per packet."""

    empty: int = 0
    unknown_kind: int = 0
    stranger: int = 0
    """Media or DTLS from an address that hasn't passed an authenticated connectivity check."""
    stun_refused: int = 0
    dtls_refused: int = 0
    dtls_backlog: int = 0
    srtp_refused: int = 0
    rtp_malformed: int = 0
    rtcp_malformed: int = 0
    faults: int = 0
    """Anything else that raised while a packet was handled."""
    send_dropped: int = 0

    def snapshot(self) -> dict[str, int]:
        return asdict(self)


class IngressGuard:
    """Sorts the datagrams of one socket."""

    __slots__ = ("_counts", "_dtls", "_known", "_media", "_stun")

    def __init__(
        self,
        counts: IngressCounts,
        known: set[Address],
        *,
        stun: Callable[[bytes, Address], None],
        dtls: Callable[[bytes], None],
        media: Callable[[memoryview, int], None],
    ) -> None:
        self._counts = counts
        self._known = known
        self._stun = stun
        self._dtls = dtls
        self._media = media

    def admit(self, buffer: memoryview, size: int, address: Address) -> None:
        """Take the first `size` bytes of a reused buffer. Never raises."""
        try:
            if size == 0:
                self._counts.empty += 1
                return
            first = buffer[0]
            if 128 <= first < 192:
                if address in self._known:
                    self._media(buffer, size)
                else:
                    self._counts.stranger += 1
            elif first < 4:
                self._admit_stun(bytes(buffer[:size]), address)
            elif 20 <= first < 64:
                if address in self._known:
                    self._dtls(bytes(buffer[:size]))
                else:
                    self._counts.stranger += 1
            else:
                self._counts.unknown_kind += 1
        except Exception:  # noqa: BLE001 - whatever a datagram provokes, the socket's reader goes on
            self._counts.faults += 1

    def _admit_stun(self, datagram: bytes, address: Address) -> None:
        try:
            self._stun(datagram, address)
        except Exception:  # noqa: BLE001 - a STUN parser that trips is a malformed message, not a fault of ours
            self._counts.stun_refused += 1
