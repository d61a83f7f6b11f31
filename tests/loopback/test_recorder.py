"""The recorder against real encoders: what goes in as packets plays back from the files."""

import asyncio
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from cloudcourt.domain.errors import RecorderNotReady
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.recording import RecorderState
from media.record.disk import DiskLimits, booked_bytes
from media.record.recorder import HearingRecorder
from media.record.sidecar import read_sidecars
from tests.bed.recordings import (
    JUDGE,
    MEDIA,
    SMALL,
    WallClock,
    beep_onsets,
    feed,
    flash_onsets,
    pictures,
    record,
    recorder_drained,
    recorder_for,
    sound,
    tone_level,
)
from tests.bed.rtp_source import RtpSource, Wire

pytestmark = pytest.mark.loopback


@pytest.mark.parametrize("codec", ["vp8", "h264"])
async def test_every_picture_and_sound_plays_back(tmp_path: Path, codec: str) -> None:
    source = RtpSource(JUDGE, codec="vp8" if codec == "vp8" else "h264", tone_hz=880)
    await record(tmp_path, [source], 4)
    audio, video = read_sidecars(tmp_path)
    assert (audio.kind, video.kind, video.codec) == ("audio", "video", codec)
    assert video.closed and audio.closed
    assert (video.width, video.height) == (320, 240)
    assert video.started_at_from == "sender_report"
    shown = pictures(tmp_path / video.file)
    assert len(shown) == 100
    assert [round(at_s * 25) for at_s, _ in shown] == list(range(100))
    assert np.abs(shown[-1][1][10, 10].astype(int) - source.colour).max() < 12
    heard, _ = sound(tmp_path / audio.file)
    assert len(heard) == pytest.approx(4 * 48_000, abs=1000)
    assert tone_level(heard, 880) > 0.2 > 0.02 > tone_level(heard, 1200)


async def test_sound_and_picture_share_one_clock(tmp_path: Path) -> None:
    """Although all sound arrives 400 ms late, sender reports put it where it belongs."""
    source = RtpSource(JUDGE, blinks=True)
    recorder = recorder_for(tmp_path)
    await recorder.start()
    began_ns = time.monotonic_ns() - 6_000_000_000
    late = [
        arrival._replace(at_s=arrival.at_s + 0.4) if arrival.kind == "audio" and not arrival.report else arrival
        for arrival in source.arrivals(5)
    ]
    feed(recorder, JUDGE, sorted(late, key=lambda arrival: arrival.at_s), began_ns)
    await recorder.close()
    audio, video = read_sidecars(tmp_path)
    flashes = [at_s + video.started_at.timestamp() for at_s in flash_onsets(tmp_path / video.file)]
    beeps = [at_s + audio.started_at.timestamp() for at_s in beep_onsets(tmp_path / audio.file)]
    assert len(flashes) == len(beeps) == 5
    offsets_ms = [1000 * (beep - flash) for flash, beep in zip(flashes, beeps, strict=True)]
    assert max(abs(offset) for offset in offsets_ms) < 20


async def test_a_report_from_before_the_first_packet_counts(tmp_path: Path) -> None:
    """A person who was heard before the record began is put right from the first sample on."""
    arrivals = RtpSource(JUDGE).arrivals(2, kinds=("audio",))
    report = next(a for a in arrivals if a.report)
    late = [a._replace(at_s=a.at_s + 0.25) for a in arrivals if not a.report and a.at_s > 1]
    recorder = recorder_for(tmp_path)
    await recorder.start()
    began_ns = time.monotonic_ns() - 5_000_000_000
    feed(recorder, JUDGE, [report, *late], began_ns)
    await recorder.close()
    (track,) = read_sidecars(tmp_path)
    assert track.started_at_from == "sender_report"
    began_at = datetime.now(UTC) - timedelta(seconds=(time.monotonic_ns() - began_ns) / 1e9)
    assert (track.started_at - began_at).total_seconds() == pytest.approx(1.02, abs=0.03)


async def test_a_pause_in_the_sound_is_a_gap_and_shifts_nothing(tmp_path: Path) -> None:
    source = RtpSource(JUDGE, blinks=True)
    arrivals = [a for a in source.arrivals(9, kinds=("audio",)) if not 2.5 < a.at_s < 6.5 or a.report]
    recorder = recorder_for(tmp_path)
    await recorder.start()
    feed(recorder, JUDGE, arrivals, time.monotonic_ns() - 9_000_000_000)
    await recorder.close()
    (track,) = read_sidecars(tmp_path)
    assert [round(at_s, 1) for at_s in beep_onsets(tmp_path / track.file)] == [0, 1, 2, 7, 8]


async def test_reordered_and_repeated_packets_make_no_difference(tmp_path: Path) -> None:
    source = RtpSource(JUDGE)
    arrivals = source.arrivals(3)
    swapped = [arrivals[n ^ 3] if n ^ 3 < len(arrivals) else arrivals[n] for n in range(len(arrivals))]
    swapped = [*arrivals[:20], *swapped[20:], *swapped[40:80]]
    recorder = recorder_for(tmp_path)
    await recorder.start()
    feed(recorder, JUDGE, swapped, time.monotonic_ns() - 3_000_000_000)
    await recorder.close()
    _, video = read_sidecars(tmp_path)
    assert len(pictures(tmp_path / video.file)) == 75


async def test_after_a_loss_the_picture_waits_for_a_key_frame(tmp_path: Path) -> None:
    asked: list[ParticipantId] = []
    source = RtpSource(JUDGE)
    arrivals = [a for a in source.arrivals(4, kinds=("video",)) if not 0.79 < a.at_s < 0.83]
    recorder = recorder_for(tmp_path)
    recorder.key_frame_wanted = lambda source, _kind: asked.append(source)
    await recorder.start()
    feed(recorder, JUDGE, arrivals, time.monotonic_ns() - 4_000_000_000)
    await recorder_drained(recorder)
    await recorder.close()
    (video,) = read_sidecars(tmp_path)
    shown = [round(at_s * 25) for at_s, _ in pictures(tmp_path / video.file)]
    assert shown == [*range(20), *range(50, 100)]
    assert asked and set(asked) == {JUDGE}


async def test_a_new_resolution_begins_a_new_file(tmp_path: Path) -> None:
    wire = Wire(7, 96, 1, 0)
    small = RtpSource(JUDGE, video=wire).arrivals(2, kinds=("video",))
    large = RtpSource(JUDGE, video=wire, size=(640, 360)).arrivals(2, from_s=2, kinds=("video",))
    recorder = recorder_for(tmp_path)
    await recorder.start()
    feed(recorder, JUDGE, small + large, time.monotonic_ns() - 4_000_000_000)
    await recorder.close()
    first, second = read_sidecars(tmp_path)
    assert [(t.width, t.height) for t in (first, second)] == [(320, 240), (640, 360)]
    assert (second.started_at - first.started_at).total_seconds() == pytest.approx(2, abs=0.002)
    assert len(pictures(tmp_path / first.file)) == len(pictures(tmp_path / second.file)) == 50


async def test_a_reconnect_and_a_new_stretch_begin_new_files(tmp_path: Path) -> None:
    recorder = recorder_for(tmp_path)
    await recorder.start()
    began_ns = time.monotonic_ns() - 6_000_000_000
    feed(recorder, JUDGE, RtpSource(JUDGE).arrivals(1), began_ns)
    recorder.source_ended(JUDGE)
    again = RtpSource(JUDGE, video=Wire(8, 96, 9, 9), audio=Wire(9, 111, 9, 9))
    feed(recorder, JUDGE, again.arrivals(1, from_s=2), began_ns)
    await recorder.stop()
    assert recorder.health().state is RecorderState.OFF
    feed(recorder, JUDGE, RtpSource(JUDGE).arrivals(1, from_s=3), began_ns)  # off the record
    await recorder.start()
    feed(recorder, JUDGE, RtpSource(JUDGE).arrivals(1, from_s=5), began_ns)
    await recorder.close()
    tracks = read_sidecars(tmp_path)
    assert [t.track_id for t in tracks] == [f"judge-1-{k}-{n}" for k in ("audio", "video") for n in (1, 2, 3)]
    assert all(t.closed and t.duration_s == pytest.approx(1, abs=0.06) for t in tracks)


async def test_paused_timestamps_begin_a_new_file(tmp_path: Path) -> None:
    """A sender that slept without counting on (a known habit of phones) must not shift what follows."""
    wire = Wire(9, 111, 9, 9)
    recorder = recorder_for(tmp_path)
    await recorder.start()
    began_ns = time.monotonic_ns() - 20_000_000_000
    before = RtpSource(JUDGE, audio=wire).arrivals(1, kinds=("audio",))
    after = RtpSource(JUDGE, audio=wire).arrivals(1, from_s=1, kinds=("audio",))
    feed(recorder, JUDGE, before, began_ns)
    feed(recorder, JUDGE, [a._replace(at_s=a.at_s + 10) for a in after if not a.report], began_ns)
    await recorder.close()
    first, second = read_sidecars(tmp_path)
    assert (second.started_at - first.started_at).total_seconds() == pytest.approx(11, abs=0.1)


async def test_health_counts_only_what_is_synced(tmp_path: Path) -> None:
    recorder = recorder_for(tmp_path)
    assert recorder.health().state is RecorderState.OFF
    await recorder.start()
    assert recorder.health().bytes_written == 0
    feed(recorder, JUDGE, RtpSource(JUDGE).arrivals(3), time.monotonic_ns() - 3_000_000_000)
    await recorder_drained(recorder)
    await recorder.stop()
    on_disk = sum(path.stat().st_size for path in (tmp_path / "journal").glob("*/*.cj"))
    health = recorder.health()
    assert health.bytes_written == health.bytes_last_5s == on_disk > 10_000
    after_restart = recorder_for(tmp_path)
    await after_restart.start()
    assert (after_restart.health().bytes_written, after_restart.health().bytes_last_5s) == (on_disk, 0)
    assert after_restart.health().state is RecorderState.WRITING
    await after_restart.close()
    await recorder.close()


async def test_no_recording_without_room_on_the_disk(tmp_path: Path) -> None:
    recorder = recorder_for(tmp_path, limits=DiskLimits(pictures_bytes=1 << 62, sound_bytes=1, reserve_bytes=0))
    assert (await recorder.preflight()).reason == "disk_full"
    with pytest.raises(RecorderNotReady, match="disk_full"):
        await recorder.start()
    (tmp_path / "a file").write_bytes(b"")
    blocked = recorder_for(tmp_path / "a file" / "hearing")
    assert (await blocked.preflight()).reason == "not_writable"
    assert blocked.health().state is RecorderState.OFF


async def test_a_hearing_begins_only_where_its_booked_length_has_room_but_one_under_way_goes_on(tmp_path: Path) -> None:
    def booked(minutes: int) -> HearingRecorder:
        return HearingRecorder(
            tmp_path, MEDIA, WallClock(), lambda *_: None, lambda: None, limits=SMALL, booked_minutes=minutes
        )

    room_for_minutes = shutil.disk_usage(tmp_path).free // booked_bytes(len(MEDIA.seats), 1)
    with pytest.raises(RecorderNotReady, match="disk_full"):
        await booked(room_for_minutes * 2).start()
    recorder = booked(room_for_minutes // 2)
    await recorder.start()
    feed(recorder, JUDGE, RtpSource(JUDGE).arrivals(1), time.monotonic_ns() - 1_000_000_000)
    await recorder.close()
    assert (await booked(room_for_minutes * 2).preflight()).ready


async def test_hostile_packets_cost_nothing_but_themselves(tmp_path: Path) -> None:
    recorder = recorder_for(tmp_path)
    await recorder.start()
    chaos = np.random.default_rng(7)
    began_ns = time.monotonic_ns() - 3_000_000_000
    stranger = ParticipantId("witness-1")
    for number in range(2000):
        noise = bytes([0x80, 96]) + chaos.bytes(int(chaos.integers(0, 60)))
        codec = ("vp8", "h264", "opus")[number % 3]
        kind = "audio" if codec == "opus" else "video"
        recorder.take(stranger, kind, codec, noise, began_ns)  # type: ignore[arg-type] # the three literals
    feed(recorder, JUDGE, RtpSource(JUDGE).arrivals(2), began_ns)
    await recorder_drained(recorder)
    await asyncio.sleep(0)
    assert recorder.health().state is RecorderState.WRITING
    await recorder.close()
    video = next(t for t in read_sidecars(tmp_path) if t.participant_id == JUDGE and t.kind == "video")
    assert len(pictures(tmp_path / video.file)) == 50
