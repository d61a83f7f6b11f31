"""The evidence log of a sitting court: everything is in it, parties are given checkpoints, the end is sealed."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from cloudcourt.domain.commands import CallRecess, CloseHearing, ResumeHearing, SetPhase, StateFault
from cloudcourt.domain.evidence import NO_HASH, entry_hash
from cloudcourt.domain.hearing import Phase, SessionState
from cloudcourt.domain.ids import TrackId
from cloudcourt.domain.recording import SegmentClosed
from media.record.court_key import HEARING_KEY
from media.record.log_file import LOG
from media.record.verify import FileState, render, verify_folder
from media.verifier.chain import seconds_of
from tests.bed.recordings import WallClock
from tests.bed.rtp_source import RtpSource
from tests.bed.small_court import SmallCourt, small_court

pytestmark = pytest.mark.loopback


def entries(court: SmallCourt) -> list[dict[str, Any]]:
    head, found = NO_HASH, []
    for number, line in enumerate((court.folder / LOG).read_bytes().splitlines(), start=1):
        stated, entry = json.loads(line)
        head = entry_hash(head, line[68:-1])
        assert (stated, entry["n"]) == (head, number)
        found.append(entry)
    return found


def kinds(court: SmallCourt) -> list[str]:
    return [entry["kind"] for entry in entries(court)]


async def until_logged(court: SmallCourt, kind: str, event: str | None = None) -> None:
    async with asyncio.timeout(30):
        while not any(e["kind"] == kind and (event is None or e["event"]["kind"] == event) for e in entries(court)):
            await asyncio.sleep(0.02)


async def test_a_short_hearing_is_told_whole_and_sealed(tmp_path: Path) -> None:
    async with small_court(tmp_path) as court:
        await court.enters(court.judge, court.clerk, court.plaintiff)
        await court.opens()
        await court.asks(court.judge, SetPhase(phase=Phase.DEBATE))
        await court.speaks([RtpSource(court.judge), RtpSource(court.plaintiff)], 2)
        await court.asks(court.judge, CallRecess(note="午休"))
        await court.asks(court.judge, ResumeHearing(countdown_ms=0))
        await court.until(lambda hearing: hearing.session is SessionState.IN_SESSION)
        await court.speaks([RtpSource(court.judge)], 1)
        await court.closes()
        stored = await court.store.record.since(court.hearing_id, 0)
        log = entries(court)
        assert [e["seq"] for e in log if e["kind"] == "event"] == [event.seq for event in stored]
        assert [e["event"]["kind"] for e in log if e["kind"] == "event"] == [event.event.kind for event in stored]
        assert {e["participant"] for e in log if e["kind"] == "attendance"} >= {court.judge, court.plaintiff}
        assert [(e["reason"], e["note"]) for e in log if e["kind"] == "gap"] == [("RECESS", "午休")]
        assert [e["kind"] for e in log[-2:]] == ["seal", "checkpoint"]
        assert {e["file"] for e in log if e["kind"] == "file"} >= {"index.html", "verify.py"}
        assert not (court.folder / HEARING_KEY).exists()
        findings = verify_folder(court.folder, court_key=court.court_key.public)
        assert findings.exit_code == 0, render(findings)
        states = {finding.file: finding.state for finding in findings.files}
        assert {states[item] for item in ("record.log", "seal.json", "manifest.json", "gaps", "court key")} == {
            FileState.OK
        }


async def test_each_phase_begins_with_new_segments(tmp_path: Path) -> None:
    async with small_court(tmp_path) as court:
        await court.enters(court.judge, court.clerk, court.plaintiff)
        await court.opens()
        people = [RtpSource(court.judge), RtpSource(court.plaintiff)]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(court.speaks(people, 4))
            async with asyncio.timeout(30):
                while court.plane.recorder_health(court.hearing_id).bytes_written == 0:
                    await asyncio.sleep(0.02)
            await court.asks(court.judge, SetPhase(phase=Phase.DEBATE))
        await court.closes()
        log = entries(court)
        changed_at = next(e["at"] for e in log if e["kind"] == "event" and e["event"]["kind"] == "phase_changed")
        segments = [e["segment"] for e in log if e["kind"] == "segment"]
        assert {s["track_id"] for s in segments} == {
            f"{who}-{k}" for who in people_of(court) for k in ("audio", "video")
        }
        for track in {s["track_id"] for s in segments}:
            first, second = (s for s in segments if s["track_id"] == track)
            assert first["reason"] == "phase"
            assert first["ended_at"] <= second["began_at"]
            assert seconds_of(first["began_at"]) < seconds_of(changed_at) < seconds_of(second["ended_at"])
        assert verify_folder(court.folder).exit_code == 0


def people_of(court: SmallCourt) -> tuple[str, str]:
    return court.judge, court.plaintiff


def kinds_after_the_phase(log: list[dict[str, Any]]) -> list[str]:
    at = next(n for n, e in enumerate(log) if e["kind"] == "event" and e["event"]["kind"] == "phase_changed")
    return [entry["kind"] for entry in log[at:]]


async def test_a_checkpoint_follows_a_phase_at_once_and_goes_to_everyone_in_court(tmp_path: Path) -> None:
    async with small_court(tmp_path, checkpoint_every_s=3600) as court:
        await court.enters(court.judge, court.clerk, court.plaintiff)
        await court.opens()
        await court.asks(court.judge, SetPhase(phase=Phase.EVIDENCE))
        await until_logged(court, "event", "phase_changed")
        async with asyncio.timeout(30):
            while "checkpoint" not in kinds_after_the_phase(log := entries(court)):
                await asyncio.sleep(0.02)
        newest = [entry for entry in log if entry["kind"] == "checkpoint"][-1]
        kept = {name: newest[name] for name in ("count", "head", "signature")}
        async with asyncio.timeout(30):
            while not all(
                court.ears.weathers[person] and court.ears.weathers[person][-1]["checkpoint"] == kept
                for person in (court.judge, court.plaintiff)
            ):
                await asyncio.sleep(0.02)


async def test_checkpoints_follow_the_clock_while_segments_are_closed(tmp_path: Path) -> None:
    async with small_court(tmp_path, checkpoint_every_s=0.1) as court:
        await court.enters(court.judge, court.clerk)
        for number in (1, 2):
            court.notes(segment(court, number))
            await until_signed(court, kinds(court).count("checkpoint"))
        told = [entry["segment"]["number"] for entry in entries(court) if entry["kind"] == "segment"]
        assert told == [1, 2]


async def until_signed(court: SmallCourt, before: int) -> None:
    async with asyncio.timeout(30):
        while kinds(court).count("checkpoint") <= before or kinds(court)[-1] != "checkpoint":
            await asyncio.sleep(0.02)


def segment(court: SmallCourt, number: int) -> SegmentClosed:
    now = WallClock().now()
    return SegmentClosed(
        track_id=TrackId("judge-audio-1"),
        participant_id=court.judge,
        kind="audio",
        codec="opus",
        number=number,
        file=f"journal/judge-audio-1/{number:06}_20261124T010000Z.cj",
        began_at=now,
        ended_at=now,
        bytes=9,
        sha256="0" * 64,
        packets=500,
        lost=0,
        reason="time",
    )


async def test_a_full_disk_holds_nothing_up_and_the_log_catches_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloudcourt.court.scribe.RETRY_S", 0.05)
    async with small_court(tmp_path) as court:
        await court.enters(court.judge, court.clerk)
        await until_logged(court, "attendance")

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr("media.record.log_file.LogFile.append", full)
            await court.opens()
            await court.asks(court.judge, SetPhase(phase=Phase.DEBATE))
            court.notes(segment(court, 1))
        await until_logged(court, "event", "phase_changed")
        await until_logged(court, "segment")
        seqs = [entry["seq"] for entry in entries(court) if entry["kind"] == "event"]
        assert seqs == list(range(1, len(seqs) + 1))


async def test_a_log_that_can_not_be_written_costs_neither_the_hearing_nor_the_film(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloudcourt.court.scribe.RETRY_S", 0.05)
    monkeypatch.setattr("cloudcourt.court.room.LOG_WITHIN_S", 0.2)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async with small_court(tmp_path, log_grace_s=0.2) as court:
        await court.enters(court.judge, court.clerk)
        await until_logged(court, "attendance")
        with monkeypatch.context() as patch:
            patch.setattr("media.record.log_file.LogFile.append", full)
            await court.opens()
            await court.speaks([RtpSource(court.judge)], 1)
            await court.asks(court.judge, CloseHearing())
            async with asyncio.timeout(60):
                while not (court.folder / "composite.mp4").exists():
                    await asyncio.sleep(0.05)
            await court.record_room.wait_finished(court.hearing_id)
            assert not (court.folder / "seal.json").exists()
            await court.registry.close()
        sitting = court.sitting
    async with small_court(tmp_path, sitting=sitting) as court:
        await court.registry.finish_record(court.hearing_id)
        await court.sealed()
        findings = verify_folder(court.folder)
        assert findings.exit_code == 0, render(findings)


async def test_a_stopped_court_goes_on_in_the_same_log_and_seals_it(tmp_path: Path) -> None:
    async with small_court(tmp_path) as court:
        await court.enters(court.judge, court.clerk)
        await court.opens()
        await court.speaks([RtpSource(court.judge)], 1)
        sitting = court.sitting
    async with small_court(tmp_path, sitting=sitting) as court:
        await court.registry.take_up_unfinished()
        await court.enters(court.judge, court.clerk)
        await court.asks(court.judge, StateFault(text="服务器停机。"))
        await court.asks(court.judge, CloseHearing())
        await court.sealed()
        assert kinds(court).count("opened_log") == 1
        findings = verify_folder(court.folder)
        assert findings.exit_code == 0, render(findings)


async def test_what_a_crash_left_unsealed_is_sealed_at_the_next_start(tmp_path: Path) -> None:
    async with small_court(tmp_path) as court:
        await court.enters(court.judge, court.clerk)
        await court.opens()
        await court.speaks([RtpSource(court.judge)], 1)
        await court.closes()
        sitting, folder = court.sitting, court.folder
        whole = {path: path.read_bytes() for path in folder.glob("*.*") if path.is_file()}
    log = whole[folder / LOG].splitlines(keepends=True)
    seal_at = next(n for n, line in enumerate(log) if b'"kind":"seal"' in line)
    # The key is gone with the seal: only what needs no key can still be done.
    (folder / LOG).write_bytes(b"".join(log[:seal_at]))
    (folder / "seal.json").unlink()
    async with small_court(tmp_path, sitting=sitting) as court:
        await court.registry.finish_record(court.hearing_id)
        await court.record_room.wait_finished(court.hearing_id)
    assert verify_folder(folder).exit_code == 2
    for path, content in whole.items():
        path.write_bytes(content)
    assert verify_folder(folder).exit_code == 0
