"""The recorder when the process dies, the disk fills up, or the folder goes away."""

import asyncio
import hashlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cloudcourt.domain.recording import DiskState, RecorderState, SegmentClosed
from media.record.disk import DiskLimits
from media.record.folders import journal_segments
from media.record.journal import has_end, read_journal
from media.record.rebuild import rebuild_torn_tracks
from media.record.recorder import HearingRecorder
from media.record.salvage import close_torn_segments, recovered_path
from media.record.sidecar import read_all_sidecars, read_sidecars
from media.record.track_journal import TrackJournal
from media.record.writer import RecordWriter
from tests.bed.recorder_deaths import kill_recorders
from tests.bed.recordings import JUDGE, Notices, feed, pictures, recorder_drained, recorder_for, sound
from tests.bed.rtc_client import until
from tests.bed.rtp_source import Arrival, RtpSource, Wire

pytestmark = pytest.mark.faults

KILLS = 5


def test_kills_lose_less_than_half_a_second_each(tmp_path: Path) -> None:
    """One hearing whose recorder is killed again and again: all that was kept reads, plays, and is closed.

    `python -m bench.deaths recorder` does the same thirty times.
    """
    folder = tmp_path / "hearing"
    lost_s = kill_recorders(folder, tmp_path / "arrivals", KILLS, 20261124)
    assert max(lost_s) <= 0.5, sorted(lost_s)
    _check_recovered(folder)


def _check_recovered(folder: Path) -> None:
    torn = [path for path in journal_segments(folder) if not has_end(path)]
    assert len(torn) == 2 * KILLS
    left = close_torn_segments(folder)
    assert len(left) == 2, "each start closed what the one before it left"
    check_told(folder, left)
    assert all(read_journal(recovered_path(path)).is_whole for path in torn)
    rebuilt = rebuild_torn_tracks(folder, datetime.now(UTC) + timedelta(minutes=1))
    tracks = read_sidecars(folder)
    assert {track.track_id for track in rebuilt} == {track.track_id for track in tracks}
    assert len([track for track in read_all_sidecars(folder) if not track.closed]) == len(rebuilt), "torn ones are kept"
    for track in tracks:
        assert track.recovered and track.closed
        assert len(pictures(folder / track.file)) if track.kind == "video" else len(sound(folder / track.file)[0])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("tmpfs can't be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def _noisy(seconds: float) -> list[Arrival]:
    """Sound padded to 1 kB a packet: Opus decoders ignore nothing, so only the sizes matter here."""
    wire = Wire(5, 111, 1, 1)
    payload = b"\xfc" + bytes(1000)
    packets = [wire.packet(payload, n * 960, marker=False) for n in range(round(seconds * 50))]
    return [Arrival(n / 50, "audio", "opus", packet, None) for n, packet in enumerate(packets)]


LIMITS = DiskLimits(pictures_bytes=200_000, sound_bytes=100_000, reserve_bytes=16_384)


async def test_a_full_disk_costs_pictures_first_and_sound_last(small_disk: Path) -> None:
    """Alarm, clean stop, valid files, nothing silent; and when there is room, the record goes on."""
    notices, folder = Notices(), small_disk / "hearing"
    recorder = recorder_for(folder, notices, limits=LIMITS)
    await recorder.start()
    assert (folder / "reserve.bin").stat().st_size == 16_384
    began_ns = time.monotonic_ns()
    source = RtpSource(JUDGE)
    feed(recorder, JUDGE, source.arrivals(1), began_ns)
    await until(lambda: (disk := recorder.health().disk) is not None and disk.state is DiskState.OK, "there is room")
    await until(lambda: recorder.health().bytes_last_5s > 0, "both are kept")

    filler = small_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - 150_000))
    await until(lambda: not recorder.health().keeps_pictures, "pictures are given up")
    assert recorder.health().state is RecorderState.WRITING
    assert (disk := recorder.health().disk) is not None and disk.state is DiskState.CRITICAL
    feed(recorder, JUDGE, source.arrivals(1, from_s=1), began_ns)
    await recorder_drained(recorder)
    assert not [told for told in notices.told if told[0] == "stalled"]

    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free + filler.stat().st_size - 60_000))
    feed(recorder, JUDGE, source.arrivals(1, from_s=2), began_ns)
    await notices.wait(("stalled", "disk_full"))
    assert recorder.health().state is RecorderState.STALLED
    assert (await recorder.preflight()).reason == "disk_full"
    assert {(part.kind, part.reason) for part in notices.segments} == {("audio", "gap"), ("video", "gap")}
    sound_before = sum(part.packets for part in notices.segments if part.kind == "audio")
    pictures_before = sum(part.packets for part in notices.segments if part.kind == "video")
    assert pictures_before < sound_before, "a second of pictures is left out, none of sound"

    filler.unlink()
    recorder.ring.clear()
    await notices.wait(("recovered", ""))
    assert recorder.health().state is RecorderState.WRITING and recorder.health().keeps_pictures
    feed(recorder, JUDGE, source.arrivals(1, from_s=30), began_ns - 30_000_000_000)
    await recorder_drained(recorder)
    await recorder.close()
    assert notices.told == [("stalled", "disk_full"), ("recovered", "")]
    assert notices.pictures_kept == [True, False, True]
    check_told(folder, notices.segments)
    assert len(list((folder / "journal").glob("*/*.cj"))) == len(notices.segments), "every segment is whole and told"
    for track in read_sidecars(folder):
        assert len(pictures(folder / track.file)) if track.kind == "video" else len(sound(folder / track.file)[0])


async def test_a_disk_that_fills_in_a_moment_leaves_valid_files(small_disk: Path) -> None:
    """No look at the free space sees it coming: the write itself is refused."""
    notices, folder = Notices(), small_disk / "hearing"
    recorder = recorder_for(folder, notices)
    await recorder.start()
    began_ns = time.monotonic_ns()
    feed(recorder, JUDGE, RtpSource(JUDGE).arrivals(1), began_ns)
    await until(lambda: recorder.health().bytes_last_5s > 0, "something is kept")
    feed(recorder, JUDGE, _noisy(20), began_ns)
    await notices.wait(("stalled", "disk_full"))
    await recorder.close()
    (small_disk / "hearing" / "reserve.bin").unlink()
    check_told(folder, [*notices.segments, *close_torn_segments(folder)])
    for path in (folder / "journal").glob("*/*.cj"):
        found = read_journal(path)
        assert found.head is not None
        assert {part.what for part in found.damage} <= {"torn_tail"}


def check_told(folder: Path, segments: Sequence[SegmentClosed]) -> None:
    """Everything that was told of is there, whole, with that hash."""
    for part in segments:
        content = (folder / part.file).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (part.sha256, part.bytes)
        found = read_journal(folder / part.file)
        assert found.is_whole and found.end is not None
        assert (found.end.packets, found.end.lost) == (part.packets, part.lost)


async def test_a_folder_that_goes_away_is_told(tmp_path: Path) -> None:
    notices = Notices()
    folder = tmp_path / "hearing"
    recorder = recorder_for(folder, notices)
    await recorder.start()
    folder.rename(tmp_path / "elsewhere")
    folder.write_bytes(b"")  # a file stands where the folder was
    feed(recorder, JUDGE, RtpSource(JUDGE).arrivals(1), time.monotonic_ns() - 1_000_000_000)
    await notices.wait(("stalled", "not_writable"))
    await recorder.stop()
    assert recorder.health().state is RecorderState.STALLED
    folder.unlink()
    await notices.wait(("recovered", ""))
    assert recorder.health().state is RecorderState.OFF
    await recorder.close()


async def test_a_camera_without_key_frames_is_kept_and_asked_for_one(tmp_path: Path) -> None:
    """Nothing of it plays, yet what came is evidence: the recorder works, and says so."""
    recorder = recorder_for(tmp_path)
    wanted = asyncio.Event()
    recorder.key_frame_wanted = lambda _source, _kind: wanted.set()
    await recorder.start()
    wire = Wire(5, 96, 1, 1)
    for number in range(50):
        packet = wire.packet(b"\x10\x11\x00\x00\x00", number * 3600, marker=True)
        recorder.take(JUDGE, "video", "vp8", packet, time.monotonic_ns())
    async with asyncio.timeout(30):
        await wanted.wait()
    await until(lambda: recorder.health().bytes_written > 50 * 20, "it is kept")
    assert recorder.health().state is RecorderState.WRITING
    await recorder.close()
    assert read_sidecars(tmp_path) == ()


async def _speaks(recorder: HearingRecorder, until_set: asyncio.Event) -> int:
    """Somebody speaks in real time until told to stop: how many packets that were."""
    wire = Wire(5, 111, 1, 1)
    began_ns = time.monotonic_ns()
    number = 0
    while not until_set.is_set():
        recorder.take(JUDGE, "audio", "opus", wire.packet(b"\xfc\xff\xfe", number * 960, False), time.monotonic_ns())
        number += 1
        await asyncio.sleep(max(0, number * 0.02 - (time.monotonic_ns() - began_ns) / 1e9))
    return number


async def test_packets_without_bytes_on_the_disk_are_a_stall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes everything and confirms nothing: the court is told, although no call fails."""
    notices, enough = Notices(), asyncio.Event()
    recorder = recorder_for(tmp_path, notices)
    monkeypatch.setattr("media.record.segment_file.SegmentFile.sync", lambda _file: 0)
    await recorder.start()
    async with asyncio.TaskGroup() as group:
        group.create_task(_speaks(recorder, enough))
        await notices.wait(("stalled", "nothing_written"))
        monkeypatch.undo()
        await notices.wait(("recovered", ""))
        enough.set()
    await recorder.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_writer_that_dies_is_replaced_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices, enough = Notices(), asyncio.Event()
    recorder = recorder_for(tmp_path, notices)
    real, deaths = RecordWriter._turn, [1]

    def turn(writer: RecordWriter, now_ns: int) -> None:
        real(writer, now_ns)
        if writer.newest_ns and deaths:
            deaths.pop()
            raise SystemExit

    await recorder.start()
    async with asyncio.TaskGroup() as group:
        speaking = group.create_task(_speaks(recorder, enough))
        await until(lambda: recorder.health().bytes_written > 500, "the first writer works")
        monkeypatch.setattr(RecordWriter, "_turn", turn)
        await notices.wait(("stalled", "writer_died"))
        await notices.wait(("recovered", ""))
        enough.set()
    await recorder.close()
    assert notices.told == [("stalled", "writer_died"), ("recovered", "")]
    check_told(tmp_path, notices.segments)
    assert sorted(part.reason for part in notices.segments) == ["gap", "phase"]
    assert sum(part.packets for part in notices.segments) == speaking.result()


async def test_a_writer_that_hangs_is_replaced_and_closes_its_files_when_it_wakes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices, enough, awake = Notices(), asyncio.Event(), threading.Event()
    recorder = recorder_for(tmp_path, notices)
    real, hangs = TrackJournal.sync, [1]

    def sync(journal: TrackJournal) -> None:
        if hangs:
            hangs.pop()
            awake.wait(60)
        real(journal)

    await recorder.start()
    async with asyncio.TaskGroup() as group:
        speaking = group.create_task(_speaks(recorder, enough))
        await until(lambda: recorder.health().bytes_written > 500, "the first writer works")
        monkeypatch.setattr(TrackJournal, "sync", sync)
        await notices.wait(("stalled", "writer_hung"))
        await notices.wait(("recovered", ""))
        assert recorder.health().state is RecorderState.WRITING
        enough.set()
    awake.set()
    await until(lambda: any(part.reason == "gap" for part in notices.segments), "the first writer has closed its files")
    await recorder.close()
    assert notices.told == [("stalled", "writer_hung"), ("recovered", "")]
    check_told(tmp_path, notices.segments)
    assert [part.number for part in sorted(notices.segments, key=lambda part: part.began_at)] == [1, 2]
    assert sum(part.packets for part in notices.segments) == speaking.result()


async def test_a_ring_that_overflows_drops_the_oldest_and_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.record.writer._TURN_S", 60)  # the writer is held up
    recorder = recorder_for(tmp_path)
    await recorder.start()
    packet = _noisy(1)[0].packet
    now_ns = time.monotonic_ns()
    for _ in range(16_384 + 100):
        recorder.take(JUDGE, "audio", "opus", packet, now_ns)
    assert recorder.dropped_packets == 100
    await recorder.close()
