"""A court that keeps a sealed record, and the job that looks through it on a day of the test's choice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cloudcourt.app import retention_job
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.record_orders import OrderAsk
from cloudcourt.domain.retention import RetentionClass, RetentionReport
from cloudcourt.settings import Settings
from cloudcourt.store.migrate import migrate
from cloudcourt.store.store import Store
from media.record.court_key import CourtKey
from media.record.orders import FolderOrderLedger
from tests.bed.rtp_source import RtpSource
from tests.bed.sittings import schedule
from tests.bed.small_court import small_court


@dataclass
class Calendar:
    """A clock that is set."""

    today: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.today


@dataclass
class Retained:
    """`folder` holds the sealed record of one hearing."""

    data_dir: Path
    store: Store
    hearing_id: HearingId
    judge: ParticipantId
    calendar: Calendar

    @property
    def folder(self) -> Path:
        return self.data_dir / "hearings" / self.hearing_id

    async def looks(self, *, years: int = 0, days: int = 0, dry_run: bool = False) -> RetentionReport:
        """The job runs so long after the hearing."""
        then = datetime.now(UTC) + timedelta(days=days)
        self.calendar.today = then.replace(year=then.year + years, month=3, day=2)
        settings = Settings(data_dir=self.data_dir)
        job = retention_job(settings, self.store, self.calendar, CourtKey.at(self.data_dir))
        return await job.run(dry_run=dry_run)

    async def orders(self, kind: str, years: int) -> None:
        """The judge sets a hold, or lifts it."""
        self.calendar.today = datetime.now(UTC).replace(year=datetime.now(UTC).year + years, month=3, day=1)
        ledger = FolderOrderLedger(self.data_dir, self.calendar, CourtKey.at(self.data_dir))
        await ledger.add(self.hearing_id, OrderAsk.model_validate({"kind": kind, "reason": "当事人申诉"}), self.judge)

    def files(self) -> set[str]:
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix() for path in found}


@asynccontextmanager
async def retained(data_dir: Path, retention: RetentionClass) -> AsyncIterator[Retained]:
    """Hold a short hearing, seal it, and let everybody go."""
    url = f"sqlite+aiosqlite:///{data_dir / 'cloudcourt.sqlite3'}"
    await migrate(url)
    store = await Store.open(url)
    try:
        sitting = await schedule(store, "（2026）粤0192民初9号", retention)
        async with small_court(data_dir, sitting=sitting) as court:
            await court.enters(court.judge, court.clerk, court.plaintiff)
            await court.opens()
            await court.speaks([RtpSource(court.judge), RtpSource(court.plaintiff)], 1.5)
            await court.closes()
        yield Retained(data_dir, store, sitting.hearing_id, court.judge, Calendar())
    finally:
        await asyncio.shield(store.close())
