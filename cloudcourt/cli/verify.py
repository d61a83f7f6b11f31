"""`cloudcourt verify PATH`: check a record offline; exit 0 intact, 1 tampered, 2 incomplete, 3 cannot judge."""

import argparse
import sys

from cloudcourt.settings import Settings
from media.record.verify import render, verify_folder


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print one line per finding; the exit code says the worst of them."""
    findings = verify_folder(options.path, _progress if sys.stderr.isatty() else None)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    print(render(findings))
    return findings.exit_code


def _progress(share: float, what: str) -> None:
    print(f"\r\033[K{share:4.0%} {what}", end="", file=sys.stderr, flush=True)
