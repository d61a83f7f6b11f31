"""What control says of a recorder in a worker between two beats: never that it writes when it has told of a stall."""

from pathlib import Path

import pytest

from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import HearingMedia
from cloudcourt.domain.recording import RecorderHealth, RecorderState
from media.worker import wire
from media.worker.sitting import Sitting
from tests.bed.media_hearing import Court
from tests.bed.recordings import WallClock

pytestmark = pytest.mark.unit


def test_a_stall_counts_before_the_next_beat(tmp_path: Path) -> None:
    hearing_id = HearingId("h_1")
    court = Court(hearing_id)
    media = HearingMedia(hearing_id=hearing_id, case_number="1", cause="c", seats=())
    sitting = Sitting(media, court, tmp_path, WallClock())
    writing = RecorderHealth(state=RecorderState.WRITING, bytes_written=9_000, bytes_last_5s=5_000)
    sitting.heard_health(writing)
    sitting.heard(wire.RecorderStalled(hearing_id=hearing_id, since=WallClock().now(), reason="disk_full"))
    assert (sitting.health().state, sitting.health().reason) == (RecorderState.STALLED, "disk_full")
    assert court.told == [("stalled", "disk_full")]
    sitting.heard_health(writing)
    assert sitting.health() == writing
