"""A media worker dies: its hearings are back in another one, and nobody else noticed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from cloudcourt.domain.errors import CourtFull, MediaUnavailable, RecorderNotReady
from cloudcourt.domain.recording import RecorderState
from cloudcourt.observability.tasks import Crew
from media.options import MediaOptions
from media.record.sidecar import read_sidecars
from media.worker.pool import WorkerMediaPlane
from media.worker.sitting import LOST
from tests.bed.media_hearing import MediaHearing, Speaker, WallClock, everyone
from tests.bed.recordings import pictures, sound
from tests.bed.rtc_client import RtcClient, seq_of, until
from tests.courthouse import DEFENDANT, JUDGE, PLAINTIFF

pytestmark = pytest.mark.faults

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def house(data_dir: Path, *, workers: int = 1, limit: int = 0) -> AsyncIterator[WorkerMediaPlane]:
    """A running plane; none of its processes is left at the end."""
    plane = WorkerMediaPlane(
        data_dir=data_dir, clock=WallClock(), options=MediaOptions(), workers=workers, hearings_limit=limit
    )
    await plane.start()
    try:
        yield plane
    finally:
        await plane.close()
        assert not children()


def children() -> set[int]:
    """The media workers that this process has at present, zombies included."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status, command = (folder / "status").read_text(), (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if f"\nPPid:\t{os.getpid()}\n" in status and (b"media.worker" in command or "(zombie)" in status):
            found.add(int(folder.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def pid_of(plane: WorkerMediaPlane, hearing: MediaHearing) -> int:
    pid = plane.worker_pid(hearing.id)
    assert pid is not None
    return pid


async def begins(plane: WorkerMediaPlane, hearing: MediaHearing, crew: Crew) -> tuple[RtcClient, RtcClient]:
    """A judge who speaks and a plaintiff who listens, on the record."""
    judge, plaintiff = await hearing.enters(JUDGE), await hearing.enters(PLAINTIFF)
    await plane.start_recording(hearing.id)
    await plane.set_routing(hearing.id, everyone("audio", "video"))
    crew.start(Speaker(judge, JUDGE).speak(), name=f"judge of {hearing.id}")
    await plaintiff.receives(JUDGE, "audio", 25)
    return judge, plaintiff


@pytest.fixture
async def crew() -> AsyncIterator[Crew]:
    crew = Crew("people")
    yield crew
    await crew.dismiss()


def is_without_holes(packets: list[bytes]) -> bool:
    return all((seq_of(b) - seq_of(a)) & 0xFFFF == 1 for a, b in pairwise(packets))


async def test_one_workers_death_is_its_own_hearings_affair(tmp_path: Path, crew: Crew) -> None:
    async with house(tmp_path, workers=2) as plane:
        struck, spared = (MediaHearing(plane, tmp_path, name) for name in ("h_struck", "h_spared"))
        for hearing in (struck, spared):
            await hearing.open()
        dead, other = pid_of(plane, struck), pid_of(plane, spared)
        assert dead != other
        await begins(plane, struck, crew)
        _, listener = await begins(plane, spared, crew)
        await until(lambda: plane.recorder_health(struck.id).bytes_last_5s > 0, "the record is written")
        told_before = list(spared.court.told)
        parts_before = read_sidecars(struck.folder)

        killed_at = datetime.now().astimezone()
        os.kill(dead, signal.SIGKILL)
        heard_before = len(listener.stream(JUDGE, "audio"))
        await struck.court.hears("lost")
        heard_meanwhile = len(listener.stream(JUDGE, "audio")) - heard_before
        assert heard_meanwhile > 10, "the other hearing's sound went on while the worker was being replaced"

        told = struck.court.told
        assert {("gone", JUDGE), ("gone", PLAINTIFF), ("stalled", LOST)} <= set(told)
        assert told.index(("stalled", LOST)) < told.index(("lost", ""))
        assert struck.court.stalled_since is not None
        assert abs((killed_at - struck.court.stalled_since).total_seconds()) < 2.0, "since the last byte on the disk"
        assert plane.recorder_health(struck.id).bytes_last_5s == 0

        # The people return; the routing and the recording need nobody's order.
        judge, plaintiff = await struck.enters(JUDGE), await struck.enters(PLAINTIFF)
        crew.start(Speaker(judge, JUDGE).speak(), name="the judge again")
        await plaintiff.receives(JUDGE, "audio", 25)
        await plaintiff.receives(JUDGE, "video", 25)
        await struck.court.hears("recovered")
        assert plane.recorder_health(struck.id).state is RecorderState.WRITING
        heard = len(listener.stream(JUDGE, "audio"))
        await listener.receives(JUDGE, "audio", heard + 25)
        assert is_without_holes(listener.stream(JUDGE, "audio"))
        assert spared.court.told == told_before
        assert pid_of(plane, spared) == other and plane.state() == "ok"

        await crew.dismiss()
        await plane.stop_recording(struck.id)
        parts = read_sidecars(struck.folder)
        assert {part.track_id for part in parts_before} < {part.track_id for part in parts}
        assert all(part.closed != (part.track_id in {p.track_id for p in parts_before}) for part in parts)
        for part in parts:
            assert plays(struck.folder / part.file, part.kind)
        reasons = [part.reason for part in struck.court.segments]
        assert reasons[:2] == ["recovered", "recovered"], "what the dead worker left open was closed by the next"
        assert set(reasons) == {"recovered", "phase"}
        for hearing in (struck, spared):
            await hearing.leave()


def plays(path: Path, kind: str) -> bool:
    """True when there is something to hear or see in the file."""
    return bool(len(sound(path)[0])) if kind == "audio" else bool(len(pictures(path)))


async def test_a_routing_set_while_there_is_no_worker_is_the_one_obeyed(tmp_path: Path) -> None:
    async with house(tmp_path) as plane:
        hearing = MediaHearing(plane, tmp_path)
        await hearing.open()
        await hearing.enters(JUDGE)
        await plane.set_routing(hearing.id, everyone("audio", "video"))
        os.kill(pid_of(plane, hearing), signal.SIGKILL)
        await hearing.court.hears("gone", JUDGE)
        with pytest.raises(MediaUnavailable):
            await plane.connect(hearing.id, JUDGE, await hearing.browser().offer())
        with pytest.raises(RecorderNotReady):
            await plane.start_recording(hearing.id)
        assert (await plane.preflight(hearing.id)).reason == LOST
        assert plane.state() == "down"
        await plane.set_routing(hearing.id, everyone("audio"))
        await hearing.court.hears("lost")
        judge, plaintiff = await hearing.enters(JUDGE), await hearing.enters(PLAINTIFF)
        speaker = Crew("people")
        speaker.start(Speaker(judge, JUDGE).speak(), name="judge")
        await plaintiff.receives(JUDGE, "audio", 50)
        assert not plaintiff.stream(JUDGE, "video")
        assert ("stalled", LOST) not in hearing.court.told, "nothing was being recorded"
        await speaker.dismiss()
        await hearing.leave()


async def test_a_worker_that_is_stuck_is_ended_and_a_routing_waits_for_that(tmp_path: Path) -> None:
    async with house(tmp_path) as plane:
        hearing = MediaHearing(plane, tmp_path)
        await hearing.open()
        await hearing.enters(JUDGE)
        stuck = pid_of(plane, hearing)
        os.kill(stuck, signal.SIGSTOP)
        await plane.set_routing(hearing.id, everyone("audio"))
        assert not is_alive(stuck), "what must not flow doesn't, once the routing is set"
        await hearing.court.hears("lost")
        await hearing.enters(DEFENDANT)
        await hearing.leave()


async def test_workers_that_keep_dying_are_started_more_slowly(tmp_path: Path) -> None:
    async with house(tmp_path) as plane:
        hearing = MediaHearing(plane, tmp_path)
        await hearing.open()
        for deaths in range(1, 4):
            os.kill(pid_of(plane, hearing), signal.SIGKILL)
            await hearing.court.hears("lost", times=deaths)
        assert plane.state() == "degraded"
        (figures,) = plane.figures()
        assert (figures.is_up, figures.restarts) == (True, 3)


async def test_a_full_house_refuses_what_is_new_only(tmp_path: Path) -> None:
    async with house(tmp_path, limit=2) as plane:
        first, second, third = (MediaHearing(plane, tmp_path, f"h_{number}") for number in range(3))
        await first.open()
        await second.open()
        with pytest.raises(CourtFull) as refusal:
            await third.open()
        assert refusal.value.fields == {"open_hearings": 2, "limit": 2}
        with pytest.raises(MediaUnavailable):
            await plane.connect(third.id, JUDGE, await first.browser().offer())
        await first.open()
        os.kill(pid_of(plane, first), signal.SIGKILL)
        await second.court.hears("lost")
        await plane.open_hearing(third.media(under_way=True), third.court)
        await plane.close_hearing(first.id)
        await plane.close_hearing(second.id)
        await first.open()
        await first.leave()


_CONTROL = """
import asyncio, sys
from pathlib import Path
from cloudcourt.observability.logs import set_up_logs
from media.options import MediaOptions
from media.worker.pool import WorkerMediaPlane
from tests.bed.media_hearing import JUDGE, MediaHearing, Speaker, WallClock, everyone

async def main(folder):
    set_up_logs("info")
    plane = WorkerMediaPlane(data_dir=folder, clock=WallClock(), options=MediaOptions(), workers=2)
    await plane.start()
    hearing = MediaHearing(plane, folder)
    await hearing.open()
    judge = await hearing.enters(JUDGE)
    await plane.set_routing(hearing.id, everyone("audio", "video"))
    await plane.start_recording(hearing.id)
    speaking = asyncio.ensure_future(Speaker(judge, JUDGE).speak())
    while not plane.recorder_health(hearing.id).bytes_last_5s:
        await asyncio.sleep(0.05)
    print(*(post.worker.pid for post in plane._posts), flush=True)
    await speaking

asyncio.run(main(Path(sys.argv[1])))
"""


async def test_workers_do_not_outlive_a_killed_control(tmp_path: Path) -> None:
    control = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _CONTROL, str(tmp_path), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert control.stdout is not None
        pids = [int(pid) for pid in (await control.stdout.readline()).split()]
        assert len(pids) == 2 and all(is_alive(pid) for pid in pids)
    finally:
        control.kill()
        await control.wait()
    await until(lambda: not any(is_alive(pid) for pid in pids), "the workers are gone", 2.0)
    parts = read_sidecars(tmp_path / "hearings" / "h_media")
    assert {part.kind for part in parts} == {"audio", "video"}
    for part in parts:
        assert part.closed, "the record was closed in order"
        assert plays(tmp_path / "hearings" / "h_media" / part.file, part.kind)


async def test_an_asked_worker_closes_its_records_and_is_replaced(tmp_path: Path, crew: Crew) -> None:
    async with house(tmp_path) as plane:
        hearing = MediaHearing(plane, tmp_path)
        await hearing.open()
        await begins(plane, hearing, crew)
        await until(lambda: plane.recorder_health(hearing.id).bytes_last_5s > 0, "the record is written")
        worker = pid_of(plane, hearing)
        os.kill(worker, signal.SIGINT)  # Ctrl-C is for control alone
        os.kill(worker, signal.SIGTERM)
        await hearing.court.hears("lost")
        assert all(part.closed for part in read_sidecars(hearing.folder))
        assert pid_of(plane, hearing) != worker
        await crew.dismiss()
        await hearing.leave()


async def test_a_closing_house_leaves_whole_records(tmp_path: Path, crew: Crew) -> None:
    async with house(tmp_path, workers=2) as plane:
        hearing = MediaHearing(plane, tmp_path)
        await hearing.open()
        await begins(plane, hearing, crew)
        await until(lambda: plane.recorder_health(hearing.id).bytes_last_5s > 0, "the record is written")
        assert len(children()) == 2
    assert all(part.closed for part in read_sidecars(hearing.folder))
    await crew.dismiss()
    await hearing.leave()
