"""A recorder in a process of its own that is killed at random moments of one hearing, and what it lost each time."""

import pickle
import random
import signal
import subprocess
import sys
from pathlib import Path

from media.record.folders import journal_segments
from media.record.journal import read_journal
from tests.bed.recordings import JUDGE
from tests.bed.rtp_source import RtpSource

_RECORDER_PROCESS = """
import asyncio, pickle, sys, time
from pathlib import Path
from tests.bed.recordings import JUDGE, feed, recorder_for

async def main(folder):
    arrivals = pickle.loads(Path(sys.argv[2]).read_bytes())
    recorder = recorder_for(folder)
    await recorder.start()
    began_ns = time.monotonic_ns()
    for arrival in arrivals:
        wait_s = arrival.at_s - (time.monotonic_ns() - began_ns) / 1e9
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        feed(recorder, JUDGE, [arrival], began_ns)
        if arrival.packet:
            print(arrival.kind, began_ns + round(arrival.at_s * 1e9), flush=True)

asyncio.run(main(Path(sys.argv[1])))
"""


def kill_recorders(folder: Path, arrivals: Path, kills: int, seed: int) -> list[float]:
    """Record one person until killed, so many times; the seconds of media lost of each track of each life, in order.

    `arrivals` is a file beside the hearing's folder that is written for the processes. Raises AssertionError when a
    segment is worse than torn at its end, or a life left no segment for a track.
    """
    arrivals.write_bytes(pickle.dumps(RtpSource(JUDGE).arrivals(5)))
    chance, lost_s = random.Random(seed), []
    for number in range(kills):
        before = set(journal_segments(folder))
        after_s = chance.uniform(0.1, 2.5)
        last = _killed(folder, arrivals, after_s)
        fresh = sorted(set(journal_segments(folder)) - before)
        for path in fresh:
            found = read_journal(path)
            assert found.head is not None and found.head.number == number + 1
            assert {part.what for part in found.damage} <= {"torn_tail"}
            began_ns = last[found.head.kind] - round(after_s * 1e9)  # all is lost of a life too short for one sync
            kept = max((entry.arrived_ns for entry in found.entries), default=began_ns)
            lost_s.append((last[found.head.kind] - kept) / 1e9)
        assert {path.parent.name for path in fresh} == {"judge-1-audio", "judge-1-video"}
    return lost_s


def _killed(folder: Path, arrivals: Path, after_s: float) -> dict[str, int]:
    """Record in a process of its own that is killed after so much media: each kind's last arrival, in ns."""
    command = [sys.executable, "-c", _RECORDER_PROCESS, str(folder), str(arrivals)]
    last: dict[str, int] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first_ns = None
        for line in process.stdout:
            if not line.endswith("\n"):
                break  # the kill tore it
            kind, arrived = line.split()
            first_ns = first_ns or int(arrived)
            last[kind] = int(arrived)
            if int(arrived) - first_ns > after_s * 1e9 and process.returncode is None:
                process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    return last
