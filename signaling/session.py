"""One verified connection: who it is, what it may send, and its outbox."""

import time
from dataclasses import dataclass, field

from cloudcourt.court.room import HearingRoom
from cloudcourt.domain.case import SeatTicket
from cloudcourt.domain.errors import Language
from signaling.limits import (
    BEAT_BURST,
    BEAT_RATE_PER_S,
    DIAGNOSIS_BURST,
    DIAGNOSIS_RATE_PER_S,
    POINT_BURST,
    POINT_RATE_PER_S,
    TokenBucket,
)
from signaling.outbox import Outbox


@dataclass
class Session:
    """Made at the real handshake and nowhere else; the ticket is the only source of a role."""

    sid: str
    ticket: SeatTicket
    language: Language
    room: HearingRoom
    outbox: Outbox
    page: str | None = None
    """The browser page it belongs to, by the page's own word: only ever compared with another session's."""
    credential: str = ""
    """What it signed on with, hashed: a reload keeps it in its tab, another device has one of its own."""
    device: str | None = None
    """The browser it belongs to, by a name that only that browser knows."""
    is_let_in: bool = False
    """True once it may take the seat from another device."""
    bucket: TokenBucket = field(default_factory=TokenBucket)
    beats: TokenBucket = field(default_factory=lambda: TokenBucket(BEAT_RATE_PER_S, BEAT_BURST))
    points: TokenBucket = field(default_factory=lambda: TokenBucket(POINT_RATE_PER_S, POINT_BURST))
    diagnoses: TokenBucket = field(default_factory=lambda: TokenBucket(DIAGNOSIS_RATE_PER_S, DIAGNOSIS_BURST))
    heard_at: float = field(default_factory=time.monotonic)
    """When anything came from it last; monotonic seconds."""
    is_attached: bool = False
    """True from an answered `resume` until the connection falls silent."""
    is_superseded: bool = False
    """True once a newer connection has taken the seat, or the court has ended this one."""
