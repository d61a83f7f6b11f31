"""The recorder when the process dies, the disk fills up, or the folder goes away."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudcourt.domain.recording import RecorderState
from media.record.sidecar import read_sidecars
from tests.bed.recordings import JUDGE, Notices, feed, pictures, recorder_drained, recorder_for, sound
from tests.bed.rtp_source import Arrival, RtpSource, Wire

pytestmark = pytest.mark.faults

_RECORDER_PROCESS = """
import asyncio, sys, time
from pathlib import Path
from tests.bed.recordings import JUDGE, feed, recorder_for
from tests.bed.rtp_source import RtpSource

async def main(folder):
    arrivals = RtpSource(JUDGE, codec=sys.argv[2]).arrivals(8)
    recorder = recorder_for(folder)
    await recorder.start()
    began_ns = time.monotonic_ns()
    for arrival in arrivals:
        wait_s = arrival.at_s - (time.monotonic_ns() - began_ns) / 1e9
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        feed(recorder, JUDGE, [arrival], began_ns)
        print(arrival.at_s, flush=True)

asyncio.run(main(Path(sys.argv[1])))
"""


@pytest.mark.parametrize("codec", ["vp8", "h264"])
def test_a_killed_process_loses_less_than_a_second(tmp_path: Path, codec: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _RECORDER_PROCESS, str(tmp_path), codec], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    last_s = 0.0
    for line in process.stdout:
        last_s = float(line)
        if last_s > 4.3:
            process.send_signal(signal.SIGKILL)
            break
    rest = process.stdout.read().split()
    last_s = float(rest[-1]) if rest else last_s
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    audio, video = read_sidecars(tmp_path)
    assert not audio.closed and not video.closed
    heard, _ = sound(tmp_path / audio.file)
    assert last_s - len(heard) / 48_000 < 1.0
    assert last_s - pictures(tmp_path / video.file)[-1][0] < 1.0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 KiB."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("tmpfs can't be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def _noisy(seconds: float) -> list[Arrival]:
    """Sound padded to 1 kB a packet: Opus decoders ignore nothing, so only the sizes matter here."""
    wire = Wire(5, 111, 1, 1)
    payload = b"\xfc" + bytes(1000)
    packets = [wire.packet(payload, n * 960, marker=False) for n in range(round(seconds * 50))]
    return [Arrival(n / 50, "audio", "opus", packet, None) for n, packet in enumerate(packets)]


async def test_a_full_disk_is_told_and_when_there_is_room_the_record_goes_on(small_disk: Path) -> None:
    notices = Notices()
    recorder = recorder_for(small_disk / "hearing", notices, min_free_bytes=100_000)
    filler = small_disk / "filler"
    await recorder.start()
    began_ns = time.monotonic_ns() - 60_000_000_000
    filler.write_bytes(bytes(100_000))
    source = RtpSource(JUDGE)
    feed(recorder, JUDGE, source.arrivals(2), began_ns)
    feed(recorder, JUDGE, _noisy(10), began_ns)
    await notices.wait(("stalled", "disk_full"))
    assert recorder.health().state is RecorderState.STALLED
    assert recorder.health().reason == "disk_full"
    assert (await recorder.preflight()).reason == "disk_full"
    first = read_sidecars(small_disk / "hearing")
    for track in first:
        path = small_disk / "hearing" / track.file
        assert len(pictures(path)) if track.kind == "video" else len(sound(path)[0])
    filler.unlink()
    big = [small_disk / "hearing" / track.file for track in first]
    max(big, key=lambda path: path.stat().st_size).unlink()
    recorder.ring.clear()
    await notices.wait(("recovered", ""))
    assert recorder.health().state is RecorderState.WRITING
    feed(recorder, JUDGE, source.arrivals(2, from_s=30), began_ns)
    await recorder_drained(recorder)
    await recorder.close()
    later = [t for t in read_sidecars(small_disk / "hearing") if t.closed and t.duration_s > 1.9]
    assert {track.kind for track in later} == {"audio", "video"}
    assert notices.told == [("stalled", "disk_full"), ("recovered", "")]


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


async def test_packets_without_bytes_on_the_disk_are_a_stall(tmp_path: Path) -> None:
    """A camera that never sends a key frame leaves nothing to write: after 3 s the court is told."""
    notices = Notices()
    recorder = recorder_for(tmp_path, notices)
    wanted = asyncio.Event()
    recorder.key_frame_wanted = lambda _source: wanted.set()
    await recorder.start()
    wire = Wire(5, 96, 1, 1)

    async def starve() -> None:
        began_ns = time.monotonic_ns()
        number = 0
        while True:
            packet = wire.packet(b"\x10\x11\x00\x00\x00", number * 3600, marker=True)
            recorder.take(JUDGE, "video", "vp8", packet, time.monotonic_ns())
            number += 1
            await asyncio.sleep(max(0, number * 0.04 - (time.monotonic_ns() - began_ns) / 1e9))

    async with asyncio.TaskGroup() as group:
        starving = group.create_task(starve())
        await notices.wait(("stalled", "nothing_written"))
        starving.cancel()
    assert wanted.is_set()
    assert recorder.health().bytes_written == 0
    await recorder.close()


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
