"""`python -m media.confidence DATA_DIR`: says each second, in JSON lines, what was written of everyone's sound.

Which hearings, it is told in JSON lines too; it ends when nobody is there to tell it.
"""

import os
import select
import sys
import time
from pathlib import Path

from pydantic import ValidationError

from cloudcourt.observability.clock import SystemClock
from media.confidence.listener import Following, Listener

_EVERY_S = 1.0
_READ_BYTES = 64 * 1024


def main() -> None:
    """Run niced: live media on the same machine goes first."""
    os.nice(10)
    listener, clock, rest = Listener(Path(sys.argv[1])), SystemClock(), b""
    due_s = time.monotonic()
    while True:
        readable, _, _ = select.select([0], [], [], max(0.0, due_s - time.monotonic()))
        if readable:
            told = os.read(0, _READ_BYTES)
            if not told:
                return
            *lines, rest = (rest + told).split(b"\n")
            _obey(listener, lines)
        elif time.monotonic() >= due_s:
            due_s = time.monotonic() + _EVERY_S
            for news in listener.listen(round(clock.now().timestamp() * 1e9)):
                sys.stdout.write(news.model_dump_json() + "\n")
            sys.stdout.flush()


def _obey(listener: Listener, lines: list[bytes]) -> None:
    """Only the newest line counts."""
    if lines:
        try:
            listener.follow(Following.model_validate_json(lines[-1]))
        except ValidationError:
            sys.stderr.write("a line that can't be read\n")


if __name__ == "__main__":
    main()
