"""A real court whose disk stops taking the record: who is told, and what becomes of the hearing."""

from pathlib import Path
from typing import Any

import pytest

from cloudcourt.domain.commands import OverrideRecorder
from cloudcourt.domain.hearing import GapReason, SessionState
from media.record.segment_file import SegmentFile
from tests.bed.rtc_client import until
from tests.bed.rtp_source import RtpSource
from tests.bed.small_court import SmallCourt, small_court

pytestmark = pytest.mark.faults


def _refuse(_file: SegmentFile) -> int:
    raise OSError(28, "no space")


def _weather_of_stall(court: SmallCourt) -> dict[str, Any] | None:
    """The first news of it: the suspension that follows soon makes later news other ones."""
    told = court.ears.weathers[court.judge]
    return next((weather for weather in told if weather["recorder"]["state"] == "stalled"), None)


async def _loses_its_disk(court: SmallCourt, monkeypatch: pytest.MonkeyPatch) -> None:
    await court.enters(court.judge, court.clerk)
    await court.opens()
    await court.speaks([RtpSource(court.judge)], 1)
    monkeypatch.setattr(SegmentFile, "sync", _refuse)
    monkeypatch.setattr("media.record.writer._RETRY_EVERY_NS", 1 << 62)
    await court.speaks([RtpSource(court.judge)], 1)
    await court.until(lambda hearing: bool(hearing.gaps))


async def test_a_court_whose_recorder_stays_away_is_suspended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with small_court(tmp_path, recorder_grace_s=0.5) as court:
        await _loses_its_disk(court, monkeypatch)
        await until(lambda: _weather_of_stall(court) is not None, "the judge sees it", 30.0)
        weather = _weather_of_stall(court)
        assert weather is not None and weather["disk"]["state"] in {"ok", "low", "critical"}
        await court.until(lambda hearing: hearing.session is SessionState.SUSPENDED)
        hearing = (await court.room()).hearing
        assert {gap.reason for gap in hearing.gaps} == {GapReason.FAULT}
        assert hearing.notice == "recorder lost"


async def test_a_court_whose_judge_says_so_sits_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with small_court(tmp_path, recorder_grace_s=30) as court:
        await _loses_its_disk(court, monkeypatch)
        room: Any = await court.room()
        await court.until(lambda hearing: hearing.lacks_recorder)
        assert room._watches.is_set("recorder")
        await court.asks(court.judge, OverrideRecorder(reason="a short question is left"))
        assert not room._watches.is_set("recorder")
        assert room.hearing.session is SessionState.IN_SESSION and room.hearing.recorder_overridden
        told = [entry["event"]["kind"] for entry in court.ears.told[court.clerk] if entry["message"] == "court"]
        assert told[-1] == "recorder_overridden"
        monkeypatch.undo()
