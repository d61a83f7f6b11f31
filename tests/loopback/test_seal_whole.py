"""What a seal takes in: a hearing that never opened too, and segments of which the log was not told."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from cloudcourt.domain.commands import CallRecess, CancelHearing
from cloudcourt.domain.ids import HearingId
from media.record.court_key import HEARING_KEY, CourtKey
from media.record.log_file import LOG
from media.record.seal_file import read_seal
from media.record.verify import render, verify_folder
from tests.bed.rtp_source import RtpSource
from tests.bed.small_court import small_court

pytestmark = pytest.mark.loopback

LAST_FRAME_BYTES = 60


def entries(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line)[1] for line in (folder / LOG).read_bytes().splitlines()]


async def test_a_hearing_cancelled_before_it_opened_is_sealed_too(tmp_path: Path) -> None:
    async with small_court(tmp_path) as court:
        await court.enters(court.judge, court.plaintiff)
        await court.asks(court.judge, CancelHearing(note="原告撤诉"))
        await court.sealed()
        told = [entry["event"]["kind"] for entry in entries(court.folder) if entry["kind"] == "event"]
        assert told[-1] == "hearing_cancelled"
        findings = verify_folder(court.folder, court_key=court.court_key.public)
        assert findings.exit_code == 0, render(findings)
        assert json.loads((court.folder / "manifest.json").read_bytes())["film"]["state"] == "none"
        assert not (court.folder / HEARING_KEY).exists()
        sealed = read_seal(court.folder)
        await court.registry.finish_record(court.hearing_id)
        await court.record_room.wait_finished(court.hearing_id)
        assert read_seal(court.folder) == sealed


async def test_what_was_mended_after_a_crash_is_told_as_segments(tmp_path: Path) -> None:
    async with small_court(tmp_path) as court:
        await court.enters(court.judge, court.clerk)
        await court.opens()
        await court.speaks([RtpSource(court.judge)], 1)
        await court.asks(court.judge, CallRecess())
        whole = next(court.folder.glob("journal/*-audio/*.cj"))
        torn = whole.with_name(whole.name.replace("000001_", "000900_"))
        torn.write_bytes(whole.read_bytes()[:-LAST_FRAME_BYTES])
        await court.closes()
        log = entries(court.folder)
        mended = torn.with_name(f"{torn.stem}.recovered.cj").relative_to(court.folder).as_posix()
        (segment,) = (e["segment"] for e in log if e["kind"] == "segment" and e["segment"]["file"] == mended)
        assert segment["reason"] == "recovered" and segment["packets"] > 0
        assert torn.relative_to(court.folder).as_posix() in {e["file"] for e in log if e["kind"] == "file"}
        findings = verify_folder(court.folder)
        assert findings.exit_code == 0, render(findings)


async def test_a_hearings_key_is_wrapped_by_the_courts_and_gone_with_the_seal(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    async with small_court(tmp_path / "ours") as court:
        await court.enters(court.judge, court.clerk)
        await court.opens()
        async with asyncio.timeout(30):
            while not (court.folder / LOG).exists() or not entries(court.folder):
                await asyncio.sleep(0.02)
        key = court.court_key.hearing_key(court.folder, court.hearing_id)
        assert key.public == entries(court.folder)[0]["public_key"]
        for other_key, hearing in (
            (CourtKey.at(tmp_path / "theirs"), court.hearing_id),
            (court.court_key, HearingId("h_other")),
        ):
            with pytest.raises(ValueError, match="does not open"):
                other_key.hearing_key(court.folder, hearing)
        await court.speaks([RtpSource(court.judge)], 1)
        await court.closes()
        assert not list(court.folder.glob(f"*{HEARING_KEY}*"))
        with pytest.raises(OSError, match="sealed"):
            await court.evidence.open(court.hearing_id, "")
            await court.evidence.checkpoint(court.hearing_id)
        await court.evidence.release(court.hearing_id)
