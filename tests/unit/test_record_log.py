"""The evidence log on a disk: chained, signed, one writer, and what a crash tore is kept and said."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cloudcourt.domain.evidence import (
    NO_HASH,
    AttendanceEntry,
    Entry,
    EventEntry,
    checkpoint_message,
    entry_hash,
    hearing_key_message,
)
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.roles import Role
from media.record.court_key import COURT_KEY, HEARING_KEY, CourtKey
from media.record.log_file import LOG
from media.record.record_log import FolderRecordLog
from tests.bed.recordings import WallClock
from tests.courthouse import JUDGE, MORNING

pytestmark = pytest.mark.unit

HEARING = HearingId("h_1")
CASE = "（2026）云0101民初27号"


def event(seq: int, note: str = "") -> Entry:
    return EventEntry(at=MORNING, seq=seq, actor="system", event={"kind": "recess_called", "note": note})


def arrival() -> Entry:
    return AttendanceEntry(at=MORNING, participant=JUDGE, role=Role.JUDGE, present=True)


def log_in(data_dir: Path) -> FolderRecordLog:
    return FolderRecordLog(data_dir, WallClock(), CourtKey.at(data_dir))


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[FolderRecordLog]:
    log = log_in(tmp_path)
    await log.open(HEARING, CASE)
    yield log
    await log.release(HEARING)


def path_of(data_dir: Path) -> Path:
    return data_dir / "hearings" / HEARING / LOG


def entries(data_dir: Path) -> list[dict[str, Any]]:
    """Every entry, its hash and its number checked."""
    head, found = NO_HASH, []
    for number, line in enumerate(path_of(data_dir).read_bytes().splitlines(), start=1):
        stated, entry = json.loads(line)
        head = entry_hash(head, line[68:-1])
        assert (stated, entry["n"]) == (head, number)
        found.append(entry)
    return found


def is_signed(public_key: str, message: bytes, signature: str) -> bool:
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    return True


async def test_a_log_begins_with_a_key_that_the_court_vouches_for(tmp_path: Path, log: FolderRecordLog) -> None:
    (opening,) = entries(tmp_path)
    assert (opening["kind"], opening["hearing"], opening["case_number"]) == ("opened_log", HEARING, CASE)
    assert opening["court_key"] == log.court_key.public != opening["public_key"]
    assert is_signed(
        opening["court_key"], hearing_key_message(HEARING, opening["public_key"]), opening["court_signature"]
    )
    for secret in (tmp_path / COURT_KEY, path_of(tmp_path).with_name(HEARING_KEY)):
        assert secret.stat().st_mode & 0o777 == 0o600


async def test_a_checkpoint_signs_everything_before_it(tmp_path: Path, log: FolderRecordLog) -> None:
    state = await log.append(HEARING, [event(1), event(2)])
    checkpoint = await log.checkpoint(HEARING)
    assert (checkpoint.count, checkpoint.head) == (state.count, state.head)
    *_, written = entries(tmp_path)
    assert (written["count"], written["head"], written["signature"]) == tuple(checkpoint.model_dump().values())
    key = entries(tmp_path)[0]["public_key"]
    assert is_signed(key, checkpoint_message(HEARING, checkpoint.count, checkpoint.head), checkpoint.signature)


async def test_a_restart_goes_on_in_the_same_chain_with_the_same_key(tmp_path: Path, log: FolderRecordLog) -> None:
    await log.append(HEARING, [event(1), event(2)])
    await log.release(HEARING)
    again = log_in(tmp_path)
    state = await again.open(HEARING, CASE)
    assert (state.count, state.last_seq) == (3, 2)
    await again.append(HEARING, [event(3)])
    checkpoint = await again.checkpoint(HEARING)
    key = entries(tmp_path)[0]["public_key"]
    assert is_signed(key, checkpoint_message(HEARING, checkpoint.count, checkpoint.head), checkpoint.signature)
    assert [entry["kind"] for entry in entries(tmp_path)] == ["opened_log", "event", "event", "event", "checkpoint"]
    await again.release(HEARING)


async def test_two_writers_at_once_are_refused(tmp_path: Path, log: FolderRecordLog) -> None:
    with pytest.raises(BlockingIOError):
        await log_in(tmp_path).open(HEARING, CASE)


async def test_a_line_torn_at_any_byte_is_kept_and_said(tmp_path: Path, log: FolderRecordLog) -> None:
    await log.append(HEARING, [event(1), event(2, note="午休")])
    await log.release(HEARING)
    whole = path_of(tmp_path).read_bytes()
    last = whole.rfind(b"\n", 0, -1) + 1
    for end in range(last + 1, len(whole)):
        path_of(tmp_path).write_bytes(whole[:end])
        again = log_in(tmp_path)
        state = await again.open(HEARING, CASE)
        assert (state.count, state.last_seq) == (3, 1)
        torn = entries(tmp_path)[-1]
        assert torn["kind"] == "torn"
        kept = path_of(tmp_path).with_name(torn["file"])
        assert kept.read_bytes() == whole[last:end]
        await again.release(HEARING)
        kept.unlink()


async def test_a_crash_during_the_recovery_loses_and_repeats_nothing(tmp_path: Path, log: FolderRecordLog) -> None:
    await log.append(HEARING, [event(1)])
    await log.release(HEARING)
    good = path_of(tmp_path).read_bytes()
    torn = path_of(tmp_path).with_name(f"{LOG}.torn-1")
    for left in (good + b"half", good):  # died before, or after the file was cut
        torn.write_bytes(b"half")
        path_of(tmp_path).write_bytes(left)
        again = log_in(tmp_path)
        await again.open(HEARING, CASE)
        assert [entry["kind"] for entry in entries(tmp_path)] == ["opened_log", "event", "torn"]
        assert [path.name for path in torn.parent.glob("*.torn-*")] == [torn.name]
        await again.release(HEARING)


async def test_what_a_torn_event_left_behind_is_not_written_twice(tmp_path: Path, log: FolderRecordLog) -> None:
    """The attendance reached the disk, the event after it did not."""
    await log.append(HEARING, [event(1), arrival()])
    await log.release(HEARING)
    again = log_in(tmp_path)
    assert (await again.open(HEARING, CASE)).last_seq == 1
    await again.append(HEARING, [arrival(), event(2)])
    await again.append(HEARING, [arrival(), event(3)])
    kinds = [entry["kind"] for entry in entries(tmp_path)]
    assert kinds == ["opened_log", "event", "attendance", "event", "attendance", "event"]
    await again.release(HEARING)


async def test_a_full_disk_leaves_no_half_line(
    tmp_path: Path, log: FolderRecordLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path_of(tmp_path).read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fdatasync", full)
        with pytest.raises(OSError):
            await log.append(HEARING, [event(1)])
    assert path_of(tmp_path).read_bytes() == before
    await log.append(HEARING, [event(1)])
    assert [entry["kind"] for entry in entries(tmp_path)] == ["opened_log", "event"]


async def test_an_altered_log_goes_on_where_it_ended(tmp_path: Path, log: FolderRecordLog) -> None:
    await log.append(HEARING, [event(1), event(2)])
    await log.release(HEARING)
    lines = path_of(tmp_path).read_bytes().splitlines(keepends=True)
    path_of(tmp_path).write_bytes(b"".join([lines[0], lines[1].replace(b"system", b"judge1"), lines[2]]))
    again = log_in(tmp_path)
    assert (await again.open(HEARING, CASE)).count == 3
    await again.append(HEARING, [event(3)])
    stated = path_of(tmp_path).read_bytes().splitlines()[-2:]
    assert entry_hash(json.loads(stated[0])[0], stated[1][68:-1]) == json.loads(stated[1])[0]
    await again.release(HEARING)


async def test_no_second_key_is_made_for_a_log_that_has_begun(tmp_path: Path, log: FolderRecordLog) -> None:
    await log.release(HEARING)
    key = path_of(tmp_path).with_name(HEARING_KEY)
    wrapped = key.read_bytes()
    key.unlink()
    with pytest.raises(ValueError, match="lost"):
        await log_in(tmp_path).open(HEARING, CASE)
    key.write_bytes(wrapped[:-1] + bytes([wrapped[-1] ^ 1]))
    with pytest.raises(ValueError, match="does not open"):
        await log_in(tmp_path).open(HEARING, CASE)


async def test_floats_never_reach_the_log(tmp_path: Path, log: FolderRecordLog) -> None:
    before = path_of(tmp_path).read_bytes()
    with pytest.raises(ValueError):
        await log.append(HEARING, [event(1), EventEntry(at=MORNING, seq=2, actor="a", event={"kind": "x", "s": 0.5})])
    assert path_of(tmp_path).read_bytes() == before
