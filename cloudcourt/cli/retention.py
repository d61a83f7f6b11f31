"""`cloudcourt retention`: removes what its rules say is due, as the server does each day; `--dry-run` only tells."""

import argparse
import asyncio
import sys

from cloudcourt.app import open_store, retention_job
from cloudcourt.domain.retention import Removal, RetentionBusy, RetentionReport
from cloudcourt.observability.clock import SystemClock
from cloudcourt.settings import Settings
from media.record.court_key import CourtKey


def run(options: argparse.Namespace, settings: Settings) -> int:
    """0; 1 where something due was left because it is altered or can't be read; 2 while another run is under way."""
    try:
        report = asyncio.run(_run(settings, dry_run=options.dry_run))
    except RetentionBusy:
        print("cloudcourt: another run is under way", file=sys.stderr)
        return 2
    except OSError as failure:
        print(f"cloudcourt: {failure}", file=sys.stderr)
        return 2
    print(report.model_dump_json(indent=1) if options.json else _told(report))
    return 1 if report.altered or report.failed else 0


async def _run(settings: Settings, *, dry_run: bool) -> RetentionReport:
    store = await open_store(settings)
    try:
        job = retention_job(settings, store, SystemClock(), CourtKey.at(settings.data_dir))
        return await job.run(dry_run=dry_run)
    finally:
        await store.close()


def _told(report: RetentionReport) -> str:
    verb = "would be removed" if report.is_dry_run else "removed"
    lines = [f"{verb}: {_line(gone)}" for gone in report.removed]
    lines += [f"held by a judge's order: {hearing}" for hearing in report.held]
    lines += [f"NOT AS THE RECORD TELLS, left in place: {name}" for name in report.altered]
    lines += [f"CAN'T BE READ, left in place: {hearing}" for hearing in report.failed]
    return "\n".join(lines or ["nothing is due"])


def _line(gone: Removal) -> str:
    whose = f" of {gone.hearing}" if gone.hearing else ""
    return f"{gone.data}{whose}, {gone.items} items, {gone.bytes} bytes"
