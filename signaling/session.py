"""One verified connection: who it is, what it may send, and its outbox."""

from dataclasses import dataclass, field

from cloudcourt.court.room import HearingRoom
from cloudcourt.domain.case import SeatTicket
from cloudcourt.domain.errors import Language
from signaling.limits import TokenBucket
from signaling.outbox import Outbox


@dataclass
class Session:
    """Made at the real handshake and nowhere else; the ticket is the only source of a role."""

    sid: str
    ticket: SeatTicket
    language: Language
    room: HearingRoom
    outbox: Outbox
    bucket: TokenBucket = field(default_factory=TokenBucket)
    is_attached: bool = False
    """True once the first `resume` was answered."""
    is_superseded: bool = False
    """True once a newer connection has taken the seat, or the court has ended this one."""
