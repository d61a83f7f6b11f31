"""A shared screen in the record: beside its person's camera, and made again from its own journal."""

import time
from pathlib import Path

import pytest

from media.record.rebuild import rebuild_track
from media.record.sidecar import read_sidecars
from tests.bed.recordings import PLAINTIFF, pictures, recorder_drained, recorder_for
from tests.bed.rtp_source import RtpSource, Wire

pytestmark = pytest.mark.loopback

SECONDS = 1.0


async def test_a_screen_is_made_again_from_its_own_journal(tmp_path: Path) -> None:
    recorder = recorder_for(tmp_path)
    await recorder.start()
    began_ns = time.monotonic_ns() - round(SECONDS * 1e9)
    camera = RtpSource(PLAINTIFF)
    screen = RtpSource(PLAINTIFF, size=(640, 360), fps=10, video=Wire(0x3333, 96, 7, 7))
    for arrival in camera.arrivals(SECONDS):
        if arrival.packet:
            recorder.take(PLAINTIFF, arrival.kind, arrival.codec, arrival.packet, began_ns + round(arrival.at_s * 1e9))
    for arrival in screen.arrivals(SECONDS, kinds=("video",)):
        if arrival.packet:
            recorder.take(PLAINTIFF, "screen", arrival.codec, arrival.packet, began_ns + round(arrival.at_s * 1e9))
    await recorder_drained(recorder)
    await recorder.close()
    tracks = {(track.kind, track.shows): track for track in read_sidecars(tmp_path)}
    assert set(tracks) == {("audio", "person"), ("video", "person"), ("video", "screen")}
    torn = tracks["video", "screen"]
    whole = rebuild_track(tmp_path, torn.model_copy(update={"closed": False}))
    assert whole is not None
    assert (whole.shows, whole.width, whole.height, whole.recovered) == ("screen", 640, 360, True)
    assert len(pictures(tmp_path / whole.file)) == len(pictures(tmp_path / torn.file)) == 10
