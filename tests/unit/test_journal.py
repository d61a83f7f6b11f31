"""The journal's format: what is written is read back, and nothing that is cut or flipped goes unnoticed."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudcourt.domain.ids import HearingId, TrackId
from cloudcourt.domain.recording import SegmentClosed
from media.record.journal import (
    MAGIC,
    EntryKind,
    Journal,
    SegmentEnd,
    SegmentHead,
    frame,
    has_end,
    loss_payload,
    parse_journal,
    read_journal,
    read_loss,
    read_report,
    report_payload,
)
from media.record.missing import AWAITED_NS, Missing
from media.record.salvage import close_torn_segments, recovered_path, sweep_journal
from media.record.segment_file import SegmentFile
from media.record.track_journal import SEGMENT_NS, TrackJournal
from media.record.wall import WallAnchor
from tests.bed.recordings import JUDGE
from tests.bed.rtp_source import Wire

pytestmark = pytest.mark.unit

MS = 1_000_000
S = 1_000_000_000
WALL_NS = 1_795_500_000 * S
PACKETS = 40


def journal_in(folder: Path, told: list[SegmentClosed]) -> TrackJournal:
    return TrackJournal(folder, HearingId("h-1"), JUDGE, "audio", WallAnchor(WALL_NS), lambda _count: None, told.append)


def packets(count: int, first: int = 0, ssrc: int = 7) -> list[bytes]:
    wire = Wire(ssrc, 111, first & 0xFFFF, 9)
    return [wire.packet(bytes([number % 251]) * (number % 60), number * 960, marker=False) for number in range(count)]


def feed(journal: TrackJournal, contents: list[bytes], from_ns: int = 0, ssrc: int = 7) -> None:
    for number, content in enumerate(contents):
        journal.packet("opus", ssrc, int.from_bytes(content[2:4], "big"), content, from_ns + number * 20 * MS)


def taken(journal: Journal) -> list[bytes]:
    return [entry.payload for entry in journal.entries if entry.kind is EntryKind.PACKET]


@pytest.fixture(scope="module")
def segment(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A closed segment: packets, a loss in the middle, a report."""
    folder = tmp_path_factory.mktemp("journal")
    told: list[SegmentClosed] = []
    journal = journal_in(folder, told)
    contents = packets(PACKETS + 1)
    feed(journal, contents[:10])
    journal.report(5 << 32, 77, 200 * MS)
    feed(journal, contents[11:], 220 * MS)
    journal.close("phase")
    return (folder / told[0].file).read_bytes()


def test_what_is_written_is_read_back_and_told(tmp_path: Path) -> None:
    told: list[SegmentClosed] = []
    journal = journal_in(tmp_path, told)
    journal.report(3 << 32, 5, 1)  # before its stream's first packet
    contents = packets(3)
    feed(journal, [contents[0], contents[2]])
    journal.tick(AWAITED_NS + 21 * MS)
    journal.report(4 << 32, 6, 3 * S)
    journal.close("end")
    (closed,) = told
    path = tmp_path / closed.file
    found = read_journal(path)
    assert found.is_whole and has_end(path)
    assert taken(found) == [contents[0], contents[2]]
    others = [(entry.kind, entry.payload) for entry in found.entries if entry.kind is not EntryKind.PACKET]
    assert [kind for kind, _ in others] == [EntryKind.REPORT, EntryKind.LOSS, EntryKind.REPORT]
    assert (read_report(others[0][1]), read_loss(others[1][1])) == ((3 << 32, 5), (1, 1))
    assert closed.file == "journal/judge-1-audio/000001_20261124T060000Z.cj"
    assert (closed.packets, closed.lost, closed.reason, closed.number) == (2, 1, "end", 1)
    assert closed.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert closed.bytes == path.stat().st_size
    assert (closed.ended_at - closed.began_at).total_seconds() == pytest.approx(0.02)
    assert path.stat().st_mode & 0o777 == 0o600


def test_segments_last_ten_seconds_and_say_what_follows_what(tmp_path: Path) -> None:
    told: list[SegmentClosed] = []
    journal = journal_in(tmp_path, told)
    feed(journal, packets(1100))
    feed(journal, packets(10, ssrc=8), 22 * S, ssrc=8)
    journal.tick(22 * S + SEGMENT_NS)
    feed(journal, packets(10, 10, ssrc=8), 40 * S, ssrc=8)
    journal.close("phase")
    feed(journal, packets(5, 20, ssrc=8), 50 * S, ssrc=8)
    journal.close("end")
    assert [part.reason for part in told] == ["time", "time", "gap", "time", "phase", "end"]
    assert [part.number for part in told] == [1, 2, 3, 4, 5, 6]
    assert [part.packets for part in told] == [500, 500, 100, 10, 10, 5]
    heads = [read_journal(tmp_path / part.file).head for part in told]
    assert [head.continues for head in heads if head] == [False, True, True, False, True, False]
    assert all((part.ended_at - part.began_at).total_seconds() <= 10 for part in told)


def test_a_new_phase_begins_a_segment_and_breaks_nothing_off(tmp_path: Path) -> None:
    told: list[SegmentClosed] = []
    journal = journal_in(tmp_path, told)
    journal.cut()
    contents = packets(8)
    feed(journal, [contents[n] for n in (0, 1, 3)])
    journal.cut()
    journal.cut()
    feed(journal, [contents[n] for n in (2, 4, 5)], S)
    journal.close("end")
    assert [(part.reason, part.packets, part.lost) for part in told] == [("phase", 3, 0), ("end", 3, 0)]
    heads = [read_journal(tmp_path / part.file).head for part in told]
    assert [head.continues for head in heads if head] == [False, True]


def test_a_later_recorder_goes_on_counting(tmp_path: Path) -> None:
    told: list[SegmentClosed] = []
    for start in (0, 100):
        journal = journal_in(tmp_path, told)
        feed(journal, packets(5), start * S)
        journal.close("phase")
    assert [part.number for part in told] == [1, 2]


def test_every_cut_is_seen_and_costs_only_what_it_cuts(segment: bytes) -> None:
    whole = taken(parse_journal(segment))
    assert len(whole) == PACKETS
    for length in range(len(segment)):
        found = parse_journal(segment[:length])
        assert not found.is_whole and found.end is None
        kept = taken(found)
        assert kept == whole[: len(kept)]
        at_a_border = length in borders(segment)
        assert at_a_border != any(part.what == "torn_tail" for part in found.damage) or length < len(MAGIC)


def borders(segment: bytes) -> set[int]:
    """Where frames begin."""
    found, at = set(), len(MAGIC)
    while at < len(segment):
        found.add(at)
        at += 13 + int.from_bytes(segment[at + 3 : at + 5], "big") + 4
    return found


def test_every_flipped_bit_is_seen_and_costs_one_frame(segment: bytes) -> None:
    whole = taken(parse_journal(segment))
    for at in range(len(segment)):
        changed = bytearray(segment)
        changed[at] ^= 1 << (at % 8)
        found = parse_journal(bytes(changed))
        assert not found.is_whole
        assert found.damage or found.end is None
        kept = taken(found)
        assert len(kept) >= len(whole) - 1
        assert set(kept) <= set(whole)


@given(st.data())
def test_any_mixture_of_cuts_flips_and_noise_is_read_to_its_end(data: st.DataObject) -> None:
    content = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(0, len(content) - 1)))
        match data.draw(st.sampled_from(["cut", "flip", "noise", "drop"])):
            case "cut":
                del content[at:]
            case "flip" if content:
                content[at] ^= data.draw(st.integers(1, 255))
            case "noise":
                content[at:at] = data.draw(st.binary(min_size=1, max_size=40))
            case _:
                del content[at : at + data.draw(st.integers(1, 90))]
    found = parse_journal(bytes(content))
    intact = parse_journal(SAMPLE)
    assert intact.is_whole
    if found.is_whole:  # at most a report was dropped, to the byte: the segment's hash tells
        kept = [entry.payload for entry in intact.entries if entry.kind is not EntryKind.REPORT]
        assert [entry.payload for entry in found.entries if entry.kind is not EntryKind.REPORT] == kept
    assert set(taken(found)) <= set(taken(intact))
    places = [(part.offset, part.offset + part.length) for part in found.damage]
    assert all(0 <= begins <= ends <= len(content) for begins, ends in places)


def _sample() -> bytes:
    contents = packets(12)
    entries = [frame(EntryKind.PACKET, number * 20 * MS, content) for number, content in enumerate(contents)]
    entries[6:6] = [frame(EntryKind.REPORT, 1, report_payload(1, 2)), frame(EntryKind.LOSS, 2, loss_payload(3, 4))]
    head = SegmentHead(
        hearing_id=HearingId("h"),
        track_id=TrackId("t"),
        participant_id=JUDGE,
        kind="audio",
        codec="opus",
        ssrc=7,
        number=1,
        continues=False,
        wall_anchor_ns=0,
    )
    end = SegmentEnd(packets=12, lost=4, began_ns=0, ended_ns=1, reason="time")
    first, last = (
        frame(kind, 1, value.model_dump_json().encode())
        for kind, value in ((EntryKind.HEAD, head), (EntryKind.END, end))
    )
    return MAGIC + first + b"".join(entries) + last


SAMPLE = _sample()


@given(st.binary(max_size=400))
def test_any_bytes_are_read(noise: bytes) -> None:
    assert not parse_journal(noise).is_whole
    assert not parse_journal(MAGIC + noise).is_whole


def test_what_stands_in_the_wrong_place_is_damage(segment: bytes) -> None:
    at = sorted(borders(segment))
    head, end = segment[at[0] : at[1]], segment[at[-1] :]
    assert [part.what for part in parse_journal(segment + head).damage] == ["after_end"]
    assert "bad_head" in [part.what for part in parse_journal(segment[: at[3]] + head + segment[at[3] :]).damage]
    assert [part.what for part in parse_journal(segment[: at[3]] + end + segment[at[3] :]).damage] == [
        "miscounted",
        "after_end",
    ]
    dropped = segment[: at[3]] + segment[at[4] :]
    assert [part.what for part in parse_journal(dropped).damage] == ["miscounted"]
    odd = segment[: at[-1]] + frame(EntryKind.END, 1, b"{}")
    assert [part.what for part in parse_journal(odd).damage] == ["bad_end"]


def test_a_torn_segment_is_kept_and_copied_whole_once(tmp_path: Path, segment: bytes) -> None:
    track = tmp_path / "journal" / "judge-1-audio"
    track.mkdir(parents=True)
    at = sorted(borders(segment))
    torn = track / "000001_20261124T072000Z.cj"
    torn.write_bytes(segment[: at[20] + 7])
    (track / "000002_20261124T072010Z.cj").write_bytes(segment)
    (track / "000003_20261124T072020Z.cj").write_bytes(b"")
    (closed,) = close_torn_segments(tmp_path)
    copy = recovered_path(torn)
    assert closed.file == copy.relative_to(tmp_path).as_posix()
    assert closed.reason == "recovered" and closed.sha256 == hashlib.sha256(copy.read_bytes()).hexdigest()
    assert torn.read_bytes() == segment[: at[20] + 7]
    found = read_journal(copy)
    assert found.is_whole and found.head is not None and found.head.recovered
    assert taken(found) == taken(parse_journal(segment[: at[20]]))
    assert (closed.packets, closed.lost) == (len(taken(found)), 1)
    assert close_torn_segments(tmp_path) == ()
    (track / ".000004_20261124T072030Z.cj.new").write_bytes(MAGIC)
    sweep_journal(tmp_path)
    assert sorted(path.name[:6] for path in track.iterdir()) == ["000001", "000001", "000002", "000003"]


def test_a_segment_that_is_being_written_is_nobodys_to_recover(tmp_path: Path) -> None:
    told: list[SegmentClosed] = []
    journal = journal_in(tmp_path, told)
    feed(journal, packets(5))
    journal.sync()
    assert close_torn_segments(tmp_path) == ()
    journal.close("phase")
    assert read_journal(tmp_path / told[0].file).is_whole


def test_a_disk_that_refuses_in_the_middle_leaves_whole_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that stops half-way is taken back, so that the file ends where the last whole one did."""
    told: list[SegmentClosed] = []
    journal = journal_in(tmp_path, told)
    contents = packets(20)
    feed(journal, contents[:10])
    journal.tick(0)
    feed(journal, contents[10:], 200 * MS)
    real = SegmentFile.flush.__globals__["os"].write
    calls = []

    def write(handle: int, content: bytes) -> int:
        calls.append(len(content))
        if len(calls) == 1:
            return int(real(handle, content[: len(content) // 2]))
        if len(calls) == 2:
            raise OSError(28, "no space")
        return int(real(handle, content))

    with monkeypatch.context() as disk:
        disk.setattr("media.record.segment_file.os.write", write)
        with pytest.raises(OSError, match="no space"):
            journal.sync()
        journal.abandon()
    (closed,) = told
    found = read_journal(tmp_path / closed.file)
    assert found.is_whole and taken(found) == contents[:10]
    assert (closed.packets, closed.reason) == (10, "gap")
    assert closed.sha256 == hashlib.sha256((tmp_path / closed.file).read_bytes()).hexdigest()


@given(st.integers(0, 0xFFFF), st.sets(st.integers(1, 300)))
def test_exactly_what_never_came_is_lost(first: int, lost: set[int]) -> None:
    missing, told = Missing(), []
    for number in range(302):
        if number not in lost:
            told += list(missing.arrived((first + number) & 0xFFFF, number * 20 * MS))
        told += list(missing.overdue(number * 20 * MS))
    told += list(missing.give_up())
    named = [(start + step) & 0xFFFF for start, count in told for step in range(count)]
    assert sorted(named) == sorted((first + number) & 0xFFFF for number in lost)


def test_what_comes_within_two_seconds_was_never_lost() -> None:
    missing = Missing()
    list(missing.arrived(1, 0))
    assert not list(missing.arrived(5, 10 * MS))
    assert not list(missing.arrived(3, AWAITED_NS))
    assert not list(missing.overdue(AWAITED_NS + 10 * MS))
    assert list(missing.overdue(AWAITED_NS + 11 * MS)) == [(2, 1), (4, 1)]


def test_a_silence_or_a_jump_is_no_loss() -> None:
    missing = Missing()
    list(missing.arrived(1, 0))
    assert not list(missing.arrived(900, 10 * S))
    assert not list(missing.arrived(20_000, 10 * S + 1))
    assert not list(missing.give_up())
