"""`python -m media.worker SOCKET LEVEL`: one media worker, served over an inherited socket, logging at LEVEL.

It lives as long as control does: when the other end of the socket closes, whatever the reason, the open records are
closed and the process ends.
"""

import asyncio
import contextlib
import faulthandler
import signal
import socket
import sys
from pathlib import Path

WEDGED_AFTER_S = 10.0
"""A loop that hasn't turned for so long ends the process, with a trace of what held it."""
OOM_SCORE = 200
"""When memory runs out, a worker goes before control and the database: its hearings are back within seconds."""


async def run(channel: socket.socket) -> int:
    """Serve until control hangs up or SIGTERM; the process's exit code."""
    from cloudcourt.observability.clock import SystemClock
    from media.worker.service import Service
    from media.worker.wire import Wire

    service = Service(Wire(*await asyncio.open_unix_connection(sock=channel)), SystemClock(), _arm_watchdog)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, service.end)
    _arm_watchdog()
    return await service.serve()


def main() -> None:
    """Run one worker."""
    # Ctrl-C goes to the whole process group; control decides when it is time. Before the slow imports, therefore.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from cloudcourt.observability.logs import set_up_logs

    set_up_logs(sys.argv[2])
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE))
    sys.exit(asyncio.run(run(socket.socket(fileno=int(sys.argv[1])))))


def _arm_watchdog() -> None:
    # A thread of C code: it ends the process even if Python itself is stuck.
    faulthandler.dump_traceback_later(WEDGED_AFTER_S, exit=True)


if __name__ == "__main__":
    main()
