"""`cloudcourt migrate`: bring the database up to date, step by step."""

import argparse
import asyncio

from cloudcourt.settings import Settings
from cloudcourt.store.migrate import migrate


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print each step as it is taken."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    steps: list[str] = []

    def on_step(step: str) -> None:
        steps.append(step)
        print(f"  {step}", flush=True)

    asyncio.run(migrate(settings.store_url, on_step))
    print(f"The database is up to date ({len(steps)} steps taken).")
    return 0
