"""What the record costs: `python -m bench.record [SECONDS]` with three people at 640x360, 25 pictures a second.

Prints CPU seconds per second of record: of the recorder per recorded track (capture, in this process: journal, playable
file, hashes, syncs), and of the film; and what the journal takes beside the playable files.
"""

import asyncio
import resource
import sys
import tempfile
import time
from pathlib import Path

from media.record.film_job import make_film
from media.record.folders import HEARING, journal_segments
from media.record.hearing_facts import hearing_facts
from media.record.sidecar import read_sidecars
from tests.bed.recordings import DEFENDANT, JUDGE, PLAINTIFF, feed, hearing_from, recorder_drained, recorder_for
from tests.bed.rtp_source import Arrival, RtpSource

SOURCES = (
    RtpSource(JUDGE, colour=(170, 60, 50), tone_hz=500, size=(640, 360)),
    RtpSource(PLAINTIFF, colour=(40, 130, 70), tone_hz=800, size=(640, 360)),
    RtpSource(DEFENDANT, colour=(50, 80, 170), tone_hz=1300, size=(640, 360)),
)


def cpu_s(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


async def capture(folder: Path, arrivals: list[tuple[Arrival, RtpSource]], seconds: float) -> float:
    """Record at four times real time; CPU seconds it took."""
    recorder = recorder_for(folder)
    await recorder.start()
    began_ns = time.monotonic_ns() - round(seconds * 1e9)
    before = cpu_s(resource.RUSAGE_SELF)
    for number, (arrival, source) in enumerate(arrivals):
        feed(recorder, source.participant_id, [arrival], began_ns)
        if number % 100 == 99:
            await asyncio.sleep(0.1)
    await recorder_drained(recorder)
    await recorder.close()
    return cpu_s(resource.RUSAGE_SELF) - before


async def bench(seconds: float) -> None:
    arrivals = sorted(
        ((arrival, source) for source in SOURCES for arrival in source.arrivals(seconds)), key=lambda pair: pair[0].at_s
    )
    tracks = 2 * len(SOURCES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        captured_s = await capture(folder, arrivals, seconds)
        journal_bytes = sum(path.stat().st_size for path in journal_segments(folder))
        track_bytes = sum((folder / track.file).stat().st_size for track in read_sidecars(folder))
        opened_at = min(track.started_at for track in read_sidecars(folder))
        hearing = hearing_from(opened_at, seconds)
        (folder / HEARING).write_text(hearing_facts(hearing).model_dump_json())
        before, began = cpu_s(resource.RUSAGE_CHILDREN), time.monotonic()
        await make_film(folder, lambda _progress: None)
        filmed_s, took_s = cpu_s(resource.RUSAGE_CHILDREN) - before, time.monotonic() - began
    print(f"capture: {captured_s / seconds / tracks:.4f} CPU-s per track and second, {len(arrivals)} packets")
    print(f"journal: {journal_bytes / 1e6:.2f} MB beside {track_bytes / 1e6:.2f} MB of playable tracks")
    print(f"film:    {filmed_s / seconds:.3f} CPU-s per second for {len(SOURCES)} tiles, {took_s:.1f} s in all")


if __name__ == "__main__":
    asyncio.run(bench(float(sys.argv[1]) if len(sys.argv) > 1 else 20))
