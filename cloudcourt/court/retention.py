"""The one job that removes what is due: of records by rule and with a tombstone, of all else by age. A hold stops it.

The server runs it each day, and `cloudcourt retention` when asked; neither can be told what to remove.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import structlog

from cloudcourt.domain.apply import replay
from cloudcourt.domain.hearing import ENDED, Hearing
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import CaseBook, Clock, CourtRecord, JoinLinks
from cloudcourt.domain.record_orders import OrderLedger
from cloudcourt.domain.retention import (
    LINK_DAYS,
    AgingShelf,
    DataClass,
    Destroyer,
    Removal,
    RetentionBusy,
    RetentionReport,
    Rule,
    rules_of,
)

log = structlog.get_logger()

EVERY_S = 24 * 3600.0


class RetentionJob:
    """What is kept, where, and for how many days where no class of a hearing says it."""

    def __init__(
        self,
        clock: Clock,
        cases: CaseBook,
        record: CourtRecord,
        links: JoinLinks,
        orders: OrderLedger,
        destroyer: Destroyer,
        shelves: Mapping[DataClass, tuple[AgingShelf, int]],
    ) -> None:
        """`shelves` by kind of data, each with the days that things stay there."""
        self._clock, self._cases, self._record, self._links = clock, cases, record, links
        self._orders, self._destroyer, self._shelves = orders, destroyer, shelves

    async def run(self, *, dry_run: bool = False) -> RetentionReport:
        """Remove what is due now, or tell what would be. Raises RetentionBusy, OSError."""
        with self._destroyer.alone():
            known = await self._cases.hearings()
            held = frozenset([each.id for each in known if self._is_held(each.id)])
            report = RetentionReport(is_dry_run=dry_run, held=tuple(sorted(held)))
            for each in known:
                if each.session in ENDED and each.id not in held:
                    report = await self._of_record(each.id, report)
            aged = await self._aged(held, dry_run)
        report = report.model_copy(update={"removed": (*report.removed, *aged)})
        _tell(report)
        return report

    async def daily(self) -> None:
        """Run, and again each day, for as long as the server does; a run that fails is told of and tried again."""
        while True:
            try:
                await self.run()
            except RetentionBusy:
                log.info("retention is under way elsewhere")
            except Exception:
                log.exception("retention failed")
            await asyncio.sleep(EVERY_S)

    async def _of_record(self, hearing_id: HearingId, report: RetentionReport) -> RetentionReport:
        """What is due of one hearing's record."""
        hearing = replay(await self._record.since(hearing_id, 0))
        try:
            for rule in self._due(hearing):
                is_held = partial(self._is_held, hearing_id)
                done = await self._destroyer.destroy(hearing_id, rule, is_held, dry_run=report.is_dry_run)
                gone = Removal(hearing=hearing_id, data=rule.data, items=done.files, bytes=done.bytes)
                report = report.model_copy(
                    update={
                        "removed": (*report.removed, *([gone] if done.files else [])),
                        "altered": (*report.altered, *(f"{hearing_id}/{name}" for name in done.altered)),
                    }
                )
        except (OSError, ValueError) as failure:
            log.error("record not looked through", hearing_id=hearing_id, reason=str(failure))
            return report.model_copy(update={"failed": (*report.failed, hearing_id)})
        return report

    def _due(self, hearing: Hearing | None) -> tuple[Rule, ...]:
        if hearing is None or not hearing.is_over or hearing.ended_at is None:
            return ()
        now = self._clock.now()
        return tuple(rule for rule in rules_of(hearing.retention, hearing.ended_at) if rule.due_at <= now)

    async def _aged(self, held: frozenset[HearingId], dry_run: bool) -> tuple[Removal, ...]:
        now, gone = self._clock.now(), []
        for data, (shelf, days) in self._shelves.items():
            destroyed = await shelf.destroy_older_than(now - timedelta(days=days), held, dry_run=dry_run)
            gone += [Removal(hearing=hearing, data=data, items=items) for hearing, items in destroyed.items()]
        links = await self._links.forget_ended(now - timedelta(days=LINK_DAYS), held, dry_run=dry_run)
        return (*gone, *([Removal(data=DataClass.LINKS, items=links)] if links else []))

    def _is_held(self, hearing_id: HearingId) -> bool:
        """Where orders can't be read, as if a hold stood."""
        try:
            return self._orders.holds(hearing_id)
        except (OSError, ValueError) as failure:
            log.error("orders can't be read: nothing is removed", hearing_id=hearing_id, reason=str(failure))
            return True


def _tell(report: RetentionReport) -> None:
    for gone in report.removed if not report.is_dry_run else ():
        log.info("removed by rule", hearing_id=gone.hearing, data=gone.data.value, items=gone.items, bytes=gone.bytes)
    for name in report.altered:
        log.error("due, but not as the record tells: left in place", file=name)
