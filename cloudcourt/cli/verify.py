"""`cloudcourt verify PATH`: check a record offline; exit 0 intact, 1 tampered, 2 incomplete, 3 cannot judge."""

import argparse
import sys

from cloudcourt.settings import Settings
from media.record.verify import render, verify_folder


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print one line per finding; the exit code says the worst of them."""
    try:
        heads = options.heads.read_bytes() if options.heads else None
    except OSError as failure:
        print(f"cloudcourt: {failure}", file=sys.stderr)
        return 3
    on_progress = _progress if sys.stderr.isatty() else None
    findings = verify_folder(options.path, on_progress, court_key=options.court_key, heads=heads)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    print(render(findings))
    return findings.exit_code


def _progress(share: float, what: str) -> None:
    print(f"\r\033[K{share:4.0%} {what}", end="", file=sys.stderr, flush=True)
