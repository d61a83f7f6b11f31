"""Writes one hearing's evidence log: it follows what is stored, and never holds the hearing up.

The stored events are the truth, and the log their signed copy: whatever the disk refused, or a crash swallowed, is
fetched from the store and written later.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import suppress

import structlog

from cloudcourt.domain.apply import apply
from cloudcourt.domain.events import StoredEvent
from cloudcourt.domain.evidence import Checkpoint, Entry, SegmentEntry, entries_of
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import Clock, CourtRecord, RecordLog
from cloudcourt.domain.recording import SegmentClosed

log = structlog.get_logger()

RETRY_S = 1.0
SEGMENTS_LIMIT = 5_000
"""Closed segments that may wait for the disk; beyond that the seal finds them by their files."""
SIGNED_AT_ONCE = frozenset(
    {
        "phase_changed",
        "hearing_opened",
        "hearing_resumed",
        "hearing_suspended",
        "recess_called",
        "hearing_closed",
        "hearing_adjourned",
        "hearing_converted_offline",
        "hearing_cancelled",
    }
)
"""Events after which a checkpoint follows at once."""


class Scribe:
    """Owned by a room: `run` is its loop, `wake` says that something was stored, `finish` waits for its end."""

    def __init__(
        self, hearing_id: HearingId, case_number: str, evidence: RecordLog, record: CourtRecord, clock: Clock
    ) -> None:
        self._hearing_id, self._case_number = hearing_id, case_number
        self._evidence, self._record, self._clock = evidence, record, clock
        self._hearing: Hearing | None = None
        self._written_seq = 0
        self._segments: deque[SegmentClosed] = deque()
        self._news = asyncio.Event()
        self._done = asyncio.Event()
        self._is_running = False
        self._is_finishing = False
        self._is_open = False
        self._is_faulty = False
        self._must_sign = False
        self._unsigned = 0
        self.latest: Checkpoint | None = None
        """What every party is given to keep."""

    def wake(self) -> None:
        """Events were stored."""
        self._news.set()

    def segment_closed(self, segment: SegmentClosed) -> None:
        """A stretch of a track is finished."""
        if len(self._segments) >= SEGMENTS_LIMIT:
            log.error("segment not noted", file=segment.file)
            return
        self._segments.append(segment)
        self._news.set()

    async def run(self, sign_every_s: float) -> None:
        """Write until `finish`; a fault is told once, and tried again until it is over."""
        self._is_running = True
        try:
            await self._follow(sign_every_s)
        finally:
            if not self._done.is_set():
                await self._evidence.release(self._hearing_id)

    async def _follow(self, sign_every_s: float) -> None:
        loop = asyncio.get_running_loop()
        signed_at = loop.time()
        while not self._done.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout_at(signed_at + sign_every_s):
                    await self._news.wait()
            self._news.clear()
            is_due = loop.time() >= signed_at + sign_every_s
            signed_at = loop.time() if is_due else signed_at
            try:
                await self._turn(is_due)
            except Exception as failure:  # noqa: BLE001 - the hearing goes on, whatever becomes of the log
                self._failed(failure)
                await asyncio.sleep(RETRY_S)
            else:
                self._recovered()

    async def finish(self, deadline_s: float) -> None:
        """Write and sign what is left, and let the log go; the deadline holds also where the disk hangs."""
        if not self._is_running:
            return
        self._is_finishing = True
        self._news.set()
        try:
            async with asyncio.timeout(deadline_s):
                await self._done.wait()
        except TimeoutError:
            log.error("record log not finished in time")

    async def _turn(self, is_due: bool) -> None:
        await self._write()
        if self._unsigned and (is_due or self._must_sign or self._is_finishing):
            self.latest = await self._evidence.checkpoint(self._hearing_id)
            self._unsigned, self._must_sign = 0, False
        if self._is_finishing:
            await self._evidence.release(self._hearing_id)
            self._is_open = False
            self._done.set()

    async def _write(self) -> None:
        if not self._is_open:
            await self._open()
        stored = await self._record.since(self._hearing_id, self._hearing.seq if self._hearing else 0)
        entries, hearing = _entries(self._hearing, stored, self._written_seq)
        segments = tuple(self._segments)
        entries += [SegmentEntry(at=self._clock.now(), segment=segment) for segment in segments]
        if entries:
            await self._evidence.append(self._hearing_id, entries)
        self._hearing = hearing
        self._unsigned += len(entries)
        self._must_sign |= any(event.event.kind in SIGNED_AT_ONCE for event in stored)
        for _ in segments:
            self._segments.popleft()

    async def _open(self) -> None:
        state = await self._evidence.open(self._hearing_id, self._case_number)
        self._hearing, self._written_seq = None, state.last_seq
        self._is_open = True

    def _failed(self, failure: Exception) -> None:
        if not self._is_faulty:
            log.error("record log takes no entries", exc_info=failure)
        self._is_faulty = True
        self._is_open = False  # look again at what is there
        self._news.set()

    def _recovered(self) -> None:
        if self._is_faulty:
            log.info("record log takes entries again")
        self._is_faulty = False


def _entries(
    hearing: Hearing | None, stored: Iterable[StoredEvent], written_seq: int
) -> tuple[list[Entry], Hearing | None]:
    """What the log lacks of these events, and the hearing after them."""
    entries: list[Entry] = []
    for event in stored:
        before, hearing = hearing, apply(hearing, event)
        if event.seq > written_seq:
            entries += entries_of(before, hearing, event)
    return entries, hearing


async def bring_up_to_date(hearing_id: HearingId, case_number: str, evidence: RecordLog, record: CourtRecord) -> None:
    """Write what the log of an ended hearing still lacks, as after a crash. Raises OSError, ValueError."""
    state = await evidence.open(hearing_id, case_number)
    try:
        entries, _ = _entries(None, await record.since(hearing_id, 0), state.last_seq)
        if entries and not state.is_sealed:
            await evidence.append(hearing_id, entries)
            await evidence.checkpoint(hearing_id)
    finally:
        await evidence.release(hearing_id)
