"""Who sits in the public gallery: so many seats a hearing, given without a name and kept by watching."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cloudcourt.domain.errors import GalleryFull
from cloudcourt.domain.ids import HearingId

SEAT_KEPT = timedelta(seconds=30)
"""A visitor who asks for nothing for so long has left."""
_MARK_LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"
_MARK_LENGTH = 6


@dataclass
class Visitor:
    """One seat: a ticket that only its visitor knows, and a mark that is shown over their picture."""

    ticket: str
    mark: str
    address: str
    last_seen: datetime


class Visitors:
    """Seats of all galleries. Kept in memory: a restart forgets them, and visitors take new ones.

    One address gets at most half of a hearing's seats, so that nobody fills a gallery to keep others out.
    """

    def __init__(self, seats: int) -> None:
        self.seats = seats
        self._taken: dict[HearingId, dict[str, Visitor]] = {}

    def admit(self, hearing_id: HearingId, address: str, now: datetime) -> Visitor:
        """Give a seat. Raises GalleryFull."""
        there = self._there(hearing_id, now)
        from_here = sum(visitor.address == address for visitor in there.values())
        if len(there) >= self.seats or from_here >= max(1, self.seats // 2):
            raise GalleryFull(seats=self.seats)
        mark = "".join(secrets.choice(_MARK_LETTERS) for _ in range(_MARK_LENGTH))
        visitor = Visitor(secrets.token_urlsafe(16), mark, address, now)
        self._taken.setdefault(hearing_id, {})[visitor.ticket] = visitor
        return visitor

    def renew(self, hearing_id: HearingId, ticket: str, now: datetime) -> bool:
        """The visitor is there; False when nobody has this ticket (any more)."""
        visitor = self._there(hearing_id, now).get(ticket)
        if visitor is not None:
            visitor.last_seen = now
        return visitor is not None

    def count(self, hearing_id: HearingId, now: datetime) -> int:
        """How many watch."""
        return len(self._there(hearing_id, now))

    def _there(self, hearing_id: HearingId, now: datetime) -> dict[str, Visitor]:
        """Whoever has not left; a gallery without anybody is forgotten."""
        there = {
            ticket: visitor
            for ticket, visitor in self._taken.get(hearing_id, {}).items()
            if now - visitor.last_seen < SEAT_KEPT
        }
        if there:
            self._taken[hearing_id] = there
        else:
            self._taken.pop(hearing_id, None)
        return there
