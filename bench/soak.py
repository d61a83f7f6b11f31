"""A long hearing on a phone that loses packets and changes its network: `python -m bench.soak [MINUTES]`. Needs root.

Real Chromium flashes and beeps once a second over a link that loses 2 % each way, goes from Wi-Fi to mobile half-way,
and all that was recorded is decoded. Prints sound against picture in the tracks and in the film, the film's length
against the court's log, the film's CPU hours for an hour of hearing, and the time from close to film and to seal.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bench.roaming import percentile
from cloudcourt.domain.events import Event, HearingScheduled
from cloudcourt.domain.roles import Role
from media.record.sidecar import Sidecar, read_sidecars
from tests.bed.distant_hearing import MOBILE, WIFI, DistantHearing, distant_hearing
from tests.bed.skew import beeps, nearest_ms, watch_picture

SOURCE = Path(__file__).parents[1] / "tests" / "bed" / "flash_and_beep.js"
TONE_HZ = 1100
LOSS = 0.02
POLL_S = 0.5
WITHIN_S = 1800


def film_cpu_s() -> dict[int, float]:
    """CPU seconds of each film process that runs now, by pid."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            if b"media.film" in (folder / "cmdline").read_bytes():
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                found[int(folder.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


async def watch_film(used: dict[int, float]) -> None:
    """Keep the last figure of each film process in `used`."""
    while True:
        used.update(film_cpu_s())
        await asyncio.sleep(POLL_S)


async def appears(path: Path, since: float) -> float:
    """Seconds from `since` until the file is there."""
    async with asyncio.timeout(WITHIN_S):
        while not await asyncio.to_thread(path.exists):
            await asyncio.sleep(POLL_S / 5)
    return time.monotonic() - since


async def hold(hearing: DistantHearing, minutes: float) -> tuple[float, float]:
    """The hearing itself; seconds from its close to the seal and to the film."""
    for link in (WIFI, MOBILE):
        await hearing.bed.change(link, loss=LOSS)
    await asyncio.sleep(minutes * 30)
    await hearing.switches()
    await asyncio.sleep(minutes * 30)
    await hearing.judge.closes_the_hearing()
    closed = time.monotonic()
    folder = hearing.server.data_dir / "hearings" / hearing.hearing_id
    sealed_s, film_s = await asyncio.gather(
        appears(folder / "seal.json", closed), appears(folder / "composite.mp4", closed)
    )
    return sealed_s, film_s


def report_skew(what: str, offsets: list[float], flashes: int) -> None:
    if not offsets:
        print(f"{what}: none of {flashes} flashes has a beep beside it")
        return
    median = statistics.median(offsets)
    off = sorted(abs(offset) for offset in offsets)
    print(
        f"{what}: {len(offsets)} of {flashes} flashes with a beep, median {median:+.0f} ms, |skew| p95 "
        f"{percentile(off, 95):.0f} ms, worst {off[-1]:.0f} ms"
    )


def look(folder: Path, participant: str) -> None:
    """The tracks of the person who flashes, and the film."""
    tracks = [track for track in read_sidecars(folder) if track.participant_id == participant]
    heard: list[float] = []
    for track in tracks:
        if track.kind == "audio":
            heard += [_wall(track, at) for at in beeps(folder / track.file, TONE_HZ)[0]]
    for track in tracks:
        if track.kind == "video" and track.duration_s > 5:
            seen = [_wall(track, at) for at in watch_picture(folder / track.file).flashes()]
            report_skew(f"track {track.width}x{track.height}", nearest_ms(seen, heard), len(seen))
    film = watch_picture(folder / "composite.mp4")
    in_film, _ = beeps(folder / "composite.mp4", TONE_HZ)
    seen = film.flashes()
    report_skew("film", nearest_ms(seen, in_film), len(seen))


def _wall(track: Sidecar, at_s: float) -> float:
    return track.started_at.timestamp() + at_s


def person_of(scheduled: Event, role: Role) -> str:
    """Who has that role in the hearing."""
    assert isinstance(scheduled, HearingScheduled)
    return next(person.id for person in scheduled.people if person.role is role)


def film_length_s(path: Path) -> float:
    return float(watch_picture(path).times[-1]) + 1 / 25


async def bench(minutes: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        used: dict[int, float] = {}
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(watch_film(used))
            async with distant_hearing(Path(name), phone_source=SOURCE) as hearing:
                sealed_s, film_s = await hold(hearing, minutes)
                log = await hearing.log()
                folder = hearing.server.data_dir / "hearings" / hearing.hearing_id
            watching.cancel()
        at: dict[str, datetime] = {stored.event.kind: stored.at for stored in log}
        sat_s = (at["hearing_closed"] - at["hearing_opened"]).total_seconds()
        longer_s = film_length_s(folder / "composite.mp4") - sat_s
        print(f"the court sat for {sat_s:.1f} s; the film is {longer_s:+.3f} s longer")
        print(f"from close to seal {sealed_s:.1f} s, to film {film_s:.1f} s")
        print(f"film: {sum(used.values()) / sat_s:.3f} CPU hours for an hour of hearing")
        look(folder, person_of(log[0].event, Role.DEFENDANT))


if __name__ == "__main__":
    asyncio.run(bench(float(sys.argv[1]) if len(sys.argv) > 1 else 10))
