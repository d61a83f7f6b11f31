"""Which openings of a recording become a row in the access log."""

from collections import OrderedDict
from datetime import datetime, timedelta

from cloudcourt.api.access import Reader
from cloudcourt.domain.ids import HearingId

QUIET = timedelta(minutes=10)
REMEMBERED_LIMIT = 10_000


class Openings:
    """Tells an opening from a player that seeks about in what it has opened already.

    An opening is every download, every request from byte 0 on, and the first request of a person for a file in
    `QUIET`: a seeking player makes hundreds of requests, and the log stays readable while nobody can listen without
    a row. At most `REMEMBERED_LIMIT` are kept; the oldest goes first, which costs no more than an extra row.
    """

    def __init__(self) -> None:
        self._noted: OrderedDict[tuple[str, HearingId, str], tuple[datetime, int]] = OrderedDict()

    def row(self, reader: Reader, hearing_id: HearingId, file: str, range_from: int, now: datetime) -> int | None:
        """The row of the log that this request belongs to; None when one is due."""
        last = self._noted.get((reader.who, hearing_id, file))
        if range_from == 0 or last is None or now - last[0] >= QUIET:
            return None
        return last[1]

    def noted(self, reader: Reader, hearing_id: HearingId, file: str, now: datetime, row: int) -> None:
        """The opening is in the log, as this row."""
        opening = (reader.who, hearing_id, file)
        self._noted[opening] = (now, row)
        self._noted.move_to_end(opening)
        if len(self._noted) > REMEMBERED_LIMIT:
            self._noted.popitem(last=False)
