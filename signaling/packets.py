"""The filter in front of the dispatcher: only what a client may send gets past, everything else becomes `refused`.

python-socketio would hand a client's event named `connect` or `disconnect` to the server's own handlers, with
the client's arguments. Here reserved names, unknown names, binary packets, foreign namespaces and unreadable
JSON all turn into one harmless event that costs the sender a strike.
"""

from typing import Any

from socketio import packet

CLIENT_EVENTS = frozenset(
    {"resume", "command", "media_offer", "ice_servers", "beat", "point", "condition", "diagnosis", "connectivity"}
)
REFUSED = "refused"

_ADMITTED_TYPES = frozenset({packet.CONNECT, packet.DISCONNECT, packet.EVENT, packet.ACK})


class CourtPacket(packet.Packet):  # type: ignore[misc]  # python-socketio has no types
    """A Socket.IO packet whose incoming side never raises and never carries a reserved name."""

    data: Any

    def decode(self, encoded_packet: object) -> int:
        """Read an incoming packet; the number of binary attachments to wait for is always 0."""
        try:
            super().decode(encoded_packet)
            if not self._is_admitted():
                self._refuse()
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
            self._refuse()
        return 0

    def _is_admitted(self) -> bool:
        if self.packet_type not in _ADMITTED_TYPES or self.namespace not in (None, "/"):
            return False
        if self.packet_type == packet.EVENT:
            return (
                isinstance(self.data, list)
                and len(self.data) == 2
                and isinstance(self.data[0], str)
                and self.data[0] in CLIENT_EVENTS
            )
        if self.packet_type == packet.ACK:
            return isinstance(self.data, list) and not any(self.data)
        return self.data is None or isinstance(self.data, dict)

    def _refuse(self) -> None:
        self.packet_type = packet.EVENT
        self.namespace = "/"
        self.data = [REFUSED]
