"""`python -m media.film FOLDER [--attended]`: makes the film of one hearing, also while it runs.

Prints `{"progress": 0.0-1.0}` lines. `--attended`: ends when its standard input does, so that it never outlives the
server that began it.
"""

import argparse
import json
import os
import select
import sys
import time
from pathlib import Path

from cloudcourt.observability.clock import SystemClock
from media.film.maker import make_film


class _Abandoned(Exception):
    """Nobody wants the film any more."""


def main() -> None:
    """Run niced: live media on the same machine goes first. A reader that went away ends the job."""
    parser = argparse.ArgumentParser(prog="python -m media.film")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--attended", action="store_true")
    options = parser.parse_args()
    os.nice(10)
    try:
        make_film(options.folder, SystemClock(), _tell, _pause_attended if options.attended else time.sleep)
    except _Abandoned:
        sys.exit(3)


def _pause_attended(seconds: float) -> None:
    readable, _, _ = select.select([sys.stdin], [], [], seconds)
    if readable:
        raise _Abandoned


def _tell(progress: float) -> None:
    sys.stdout.write(json.dumps({"progress": progress}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
