"""`orders.jsonl` beside a record: the judge's orders about it, each signed by the court and chained to the last."""

import asyncio
from pathlib import Path

from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import Clock
from cloudcourt.domain.record_errors import OrderChangesNothing
from cloudcourt.domain.record_orders import OrderAsk, RecordOrder, is_held, is_open_to
from media.record.court_key import SigningKey
from media.record.folders import hearing_folder
from media.record.signed_lines import append_signed, signed_entry, tip, whole_lines
from media.verifier.orders import ORDERS_FILE


class FolderOrderLedger:
    """The OrderLedger port on hearings' folders."""

    def __init__(self, data_dir: Path, clock: Clock, court_key: SigningKey) -> None:
        self._data_dir, self._clock, self._court_key = data_dir, clock, court_key
        self._turn = asyncio.Lock()
        self._known: dict[HearingId, tuple[tuple[int, int], tuple[RecordOrder, ...]]] = {}

    async def orders(self, hearing_id: HearingId) -> tuple[RecordOrder, ...]:
        """Raises OSError, ValueError."""
        return await asyncio.to_thread(self._read, hearing_id)

    async def add(self, hearing_id: HearingId, ask: OrderAsk, by: ParticipantId) -> tuple[RecordOrder, ...]:
        """Raises OrderChangesNothing, OSError, ValueError."""
        async with self._turn:
            return await asyncio.to_thread(self._added, hearing_id, ask, by)

    def holds(self, hearing_id: HearingId) -> bool:
        """Whether a legal hold stands, as the file says at this moment. Raises OSError, ValueError."""
        return is_held(self._read(hearing_id))

    def _added(self, hearing_id: HearingId, ask: OrderAsk, by: ParticipantId) -> tuple[RecordOrder, ...]:
        known = self._read(hearing_id)
        if not is_open_to(ask, known):
            raise OrderChangesNothing
        path = self._path(hearing_id)
        order = RecordOrder(
            **ask.model_dump(),
            n=len(known) + 1,
            previous=tip(whole_lines(path)),
            hearing=hearing_id,
            at=self._clock.now(),
            by=by,
        )
        append_signed(path, order, self._court_key)
        return (*known, order)

    def _read(self, hearing_id: HearingId) -> tuple[RecordOrder, ...]:
        """Read again only when the file changed: every range of a film asks. Raises OSError, ValueError."""
        path = self._path(hearing_id)
        try:
            stat = path.stat()
        except FileNotFoundError:
            return ()
        version = (stat.st_mtime_ns, stat.st_size)
        if (known := self._known.get(hearing_id)) is not None and known[0] == version:
            return known[1]
        orders = tuple(self._order(line) for line in whole_lines(path))
        self._known[hearing_id] = (version, orders)
        return orders

    def _order(self, line: bytes) -> RecordOrder:
        try:
            return RecordOrder.model_validate(signed_entry(line, self._court_key))
        except ValueError as why:
            raise ValueError(f"{ORDERS_FILE} holds no order of this court: {why}") from why

    def _path(self, hearing_id: HearingId) -> Path:
        return hearing_folder(self._data_dir, hearing_id) / ORDERS_FILE
