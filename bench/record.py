"""What the record costs: `python -m bench.record [SECONDS]` with three people at 640x480, 25 pictures a second.

Prints CPU seconds per second of record of the recorder per recorded track (capture, in this process: journal, playable
file, hashes, syncs); CPU hours of film per hour of hearing, made while the hearing runs in real time, with the start of
its process left out; how long each chunk was behind its end, and the film behind the close; and what the journal takes
beside the playable files.
"""

import asyncio
import json
import resource
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from cloudcourt.observability.tasks import Crew
from media.record.film_job import make_film
from media.record.folders import PROGRAM, journal_segments
from media.record.hearing_file import HearingFile
from media.record.recorder import HearingRecorder
from media.record.sidecar import read_sidecars
from tests.bed.recordings import (
    DEFENDANT,
    JUDGE,
    PLAINTIFF,
    WallClock,
    feed,
    hearing_from,
    recorder_drained,
    recorder_for,
)
from tests.bed.rtp_source import Arrival, RtpSource

SOURCES = (
    RtpSource(JUDGE, colour=(170, 60, 50), tone_hz=500, size=(640, 480)),
    RtpSource(PLAINTIFF, colour=(40, 130, 70), tone_hz=800, size=(640, 480)),
    RtpSource(DEFENDANT, colour=(50, 80, 170), tone_hz=1300, size=(640, 480)),
)


def cpu_s(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


async def capture(recorder: HearingRecorder, arrivals: list[tuple[Arrival, RtpSource]]) -> float:
    """Record in real time; CPU seconds it took."""
    began_ns, before = time.monotonic_ns(), cpu_s(resource.RUSAGE_SELF)
    for arrival, source in arrivals:
        await asyncio.sleep(max(0.0, arrival.at_s - (time.monotonic_ns() - began_ns) / 1e9))
        feed(recorder, source.participant_id, [arrival], began_ns)
    await recorder_drained(recorder)
    return cpu_s(resource.RUSAGE_SELF) - before


async def start_cost() -> float:
    """CPU seconds that a film's process takes before it does anything."""
    before = cpu_s(resource.RUSAGE_CHILDREN)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import media.film.__main__")
    await process.wait()
    return cpu_s(resource.RUSAGE_CHILDREN) - before


def behind(folder: Path) -> list[float]:
    """Seconds from each chunk's end to when it was made."""
    lines = [json.loads(line) for line in (folder / PROGRAM / "film.jsonl").read_text().splitlines()[1:]]
    return [
        (datetime.fromisoformat(line["made_at"]) - datetime.fromisoformat(line["ended_at"])).total_seconds()
        for line in lines
    ]


async def bench(seconds: float) -> None:
    arrivals = sorted(
        ((arrival, source) for source in SOURCES for arrival in source.arrivals(seconds)), key=lambda pair: pair[0].at_s
    )
    tracks, start_s = 2 * len(SOURCES), await start_cost()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recorder, crew = recorder_for(folder), Crew("bench")
        await recorder.start()
        hearing = hearing_from(WallClock().now(), seconds)
        file, before = HearingFile(folder), cpu_s(resource.RUSAGE_CHILDREN)
        await file.write(hearing.model_copy(update={"ended_at": None}))
        film = crew.start(make_film(folder, lambda _progress: None), name="film")
        captured_s = await capture(recorder, arrivals)
        lags = behind(folder)
        await recorder.close()
        closed_at = time.monotonic()
        await file.write(hearing)
        await film
        took_s, filmed_s = time.monotonic() - closed_at, cpu_s(resource.RUSAGE_CHILDREN) - before - start_s
        journal_bytes = sum(path.stat().st_size for path in journal_segments(folder))
        track_bytes = sum((folder / track.file).stat().st_size for track in read_sidecars(folder))
    print(f"capture: {captured_s / seconds / tracks:.4f} CPU-s per track and second, {len(arrivals)} packets")
    print(f"journal: {journal_bytes / 1e6:.2f} MB beside {track_bytes / 1e6:.2f} MB of playable tracks")
    print(f"film:    {filmed_s / seconds:.3f} CPU-h per hour for {len(SOURCES)} people, {took_s:.1f} s after the close")
    print(f"program: chunks {min(lags, default=0):.1f} to {max(lags, default=0):.1f} s behind")


if __name__ == "__main__":
    asyncio.run(bench(float(sys.argv[1]) if len(sys.argv) > 1 else 40))
