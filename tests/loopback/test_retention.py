"""What is due is removed by rule, and proved; what isn't stays, and a hold stops all of it."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cloudcourt.cli.main import main
from cloudcourt.domain.retention import DataClass, RetentionBusy, RetentionClass, due_at
from media.record.court_key import CourtKey
from media.record.destruction import FolderDestroyer
from media.record.export import export
from media.record.verify import Findings, render, verify_folder
from tests.bed.retained import Retained, retained

pytestmark = pytest.mark.loopback


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Retained]:
    async with retained(tmp_path, RetentionClass.SHORT) as record:
        yield record


def judged(record: Retained) -> Findings:
    return verify_folder(record.folder, court_key=CourtKey.at(record.data_dir).public)


def states(findings: Findings) -> dict[str, str]:
    return {finding.file: str(finding.state) for finding in findings.files if finding.state != "ok"}


async def test_the_film_goes_first_then_the_evidence_and_what_is_signed_stays(kept: Retained) -> None:
    before, copies = kept.files(), kept.data_dir / "withheld" / kept.hearing_id
    evidence = {name for name in before if name.startswith(("tracks/", "journal/")) and not name.endswith(".json")}
    assert "composite.mp4" in before
    assert len(evidence) > 3
    copies.mkdir(parents=True)
    (copies / "k_composite.mp4").write_bytes(b"a copy")
    assert (await kept.looks(years=9)).removed == ()
    assert kept.files() == before

    told = await kept.looks(years=11, dry_run=True)
    assert [(gone.data, gone.items) for gone in told.removed] == [(DataClass.FILM, 1)]
    assert kept.files() == before, "a dry run removes nothing"
    await kept.looks(years=11)
    assert kept.files() == before - {"composite.mp4"} | {"destroyed.jsonl"}
    assert not copies.exists(), "copies go with what they were made of"
    findings = judged(kept)
    assert (findings.exit_code, states(findings)) == (0, {"composite.mp4": "destroyed"})
    assert "under the rule short: film for 10 years" in render(findings)

    (gone,) = (await kept.looks(years=31)).removed
    assert gone.data is DataClass.RECORD
    left = kept.files()
    assert not left & evidence
    assert {"record.log", "seal.json", "manifest.json", "film.json", "verify.py"} <= left
    findings = judged(kept)
    assert findings.exit_code == 0
    assert {file for file, state in states(findings).items() if state == "destroyed"} >= {"composite.mp4"}
    assert set(states(findings).values()) == {"destroyed"}
    assert f"{gone.items + 1} destroyed under the court's rules" in render(findings).splitlines()[-1]
    assert (await kept.looks(years=40)).removed == (), "nothing is removed twice"

    await asyncio.to_thread(export, kept.folder, kept.data_dir / "out.zip")
    handed_over = await asyncio.to_thread(verify_folder, kept.data_dir / "out.zip")
    assert handed_over.exit_code == 0
    assert states(handed_over) == states(findings)


async def test_a_record_for_ever_is_never_touched(tmp_path: Path) -> None:
    async with retained(tmp_path, RetentionClass.PERMANENT) as record:
        before = record.files()
        assert [gone for gone in (await record.looks(years=500)).removed if gone.hearing] == []
        assert record.files() == before


async def test_a_hold_stops_all_of_it(kept: Retained) -> None:
    await kept.store.links.issue(kept.hearing_id, kept.judge, expires_at=datetime.now(UTC) + timedelta(days=7))
    await kept.orders("held", 5)
    conditions = kept.data_dir / "conditions"
    conditions.mkdir(exist_ok=True)
    for name in (kept.hearing_id, "h_other"):
        (conditions / f"{name}.jsonl").write_text("{}\n{}\n")
        os.utime(conditions / f"{name}.jsonl", (0, 0))
    before = kept.files()
    report = await kept.looks(years=31)
    assert report.held == (kept.hearing_id,)
    assert [(gone.hearing, gone.data, gone.items) for gone in report.removed] == [
        ("h_other", DataClass.DIAGNOSTICS, 2)
    ], "its heartbeats and its links stay, another hearing's go"
    assert kept.files() == before
    await kept.orders("released", 32)
    assert {gone.data for gone in (await kept.looks(years=33)).removed} == {
        DataClass.FILM, DataClass.RECORD, DataClass.DIAGNOSTICS, DataClass.LINKS,
    }  # fmt: skip
    assert judged(kept).exit_code == 0


async def test_old_heartbeats_go_and_the_record_stays(kept: Retained) -> None:
    """F98."""
    conditions, before = kept.data_dir / "conditions" / f"{kept.hearing_id}.jsonl", kept.files()
    conditions.parent.mkdir(exist_ok=True)
    conditions.write_text("{}\n")
    aged = (datetime.now(UTC) - timedelta(days=31)).timestamp()
    os.utime(conditions, (aged, aged))
    assert await asyncio.to_thread(main, ["retention", "--data-dir", str(kept.data_dir), "--dry-run"]) == 0
    assert conditions.exists()
    assert await asyncio.to_thread(main, ["retention", "--data-dir", str(kept.data_dir)]) == 0
    assert not conditions.exists()
    assert kept.files() == before


async def test_what_was_altered_is_not_destroyed_but_told(kept: Retained, capsys: pytest.CaptureFixture[str]) -> None:
    track = next(name for name in kept.files() if name.startswith("tracks/") and name.endswith(".webm"))
    content = (kept.folder / track).read_bytes()
    (kept.folder / track).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    report = await kept.looks(years=31)
    assert report.altered == (f"{kept.hearing_id}/{track}",)
    assert (kept.folder / track).exists()
    findings = judged(kept)
    assert findings.exit_code == 1, "no tombstone covers it up"
    assert states(findings)[track] == "altered"


async def test_tombstones_or_orders_that_the_court_did_not_sign_stop_it(kept: Retained) -> None:
    await kept.looks(years=11)
    stones = (kept.folder / "destroyed.jsonl").read_bytes()
    (kept.folder / "destroyed.jsonl").write_bytes(stones.replace(b'"years":10', b'"years":12'))
    before = kept.files()
    assert (await kept.looks(years=31)).failed == (kept.hearing_id,)
    assert kept.files() == before
    assert judged(kept).exit_code == 1
    (kept.folder / "destroyed.jsonl").write_bytes(stones)
    (kept.folder / "orders.jsonl").write_bytes(b"{}\n")
    assert (await kept.looks(years=31)).held == (kept.hearing_id,)


async def test_one_run_at_a_time(kept: Retained, capsys: pytest.CaptureFixture[str]) -> None:
    busy = FolderDestroyer(kept.data_dir, kept.calendar, CourtKey.at(kept.data_dir))
    with busy.alone():
        with pytest.raises(RetentionBusy):
            await kept.looks()
        assert await asyncio.to_thread(main, ["retention", "--data-dir", str(kept.data_dir)]) == 2
    capsys.readouterr()
    assert await asyncio.to_thread(main, ["retention", "--data-dir", str(kept.data_dir), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "is_dry_run": False, "removed": [], "held": [], "altered": [], "failed": [],
    }  # fmt: skip


def test_nobody_can_name_what_to_remove(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["retention", "h_123"])
    assert "unrecognized arguments: h_123" in capsys.readouterr().err


def test_a_term_that_begins_on_29_february_ends_on_1_march() -> None:
    leap = datetime(2028, 2, 29, 9, tzinfo=UTC)
    assert due_at(leap, 30) == datetime(2058, 3, 1, 9, tzinfo=UTC)
    assert due_at(leap, 60) == datetime(2088, 2, 29, 9, tzinfo=UTC)
