"""What is missing of a stream, and one endless stream out of many."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.loss import ASK_AGAIN_NS, FIRST_ASK_NS, GIVE_UP_NS, MAX_ASKS, MAX_JUMP, MAX_MISSING, LossTracker
from media.rewrite import Continuity

pytestmark = pytest.mark.unit

MS = 1_000_000


@given(st.integers(0, 0xFFFF), st.integers(2, 60), st.data())
def test_what_is_lost_is_asked_for_and_nothing_else(first: int, count: int, data: st.DataObject) -> None:
    lost = data.draw(st.sets(st.integers(1, count - 2), max_size=20)) if count > 2 else set()
    tracker = LossTracker(first, 90_000)
    for number in range(count):
        if number not in lost:
            assert tracker.arrived((first + number) & 0xFFFF, number) == first + number
    assert tracker.due(0) == []
    assert tracker.due(FIRST_ASK_NS + count) == [(first + number) & 0xFFFF for number in sorted(lost)]
    for number in lost:
        assert tracker.arrived((first + number) & 0xFFFF, count, repaired=True) == first + number
        assert tracker.arrived((first + number) & 0xFFFF, count) is None
    assert not tracker.waits
    fraction, missing, highest, _ = tracker.report()
    assert (missing, highest) == (len(lost), first + count - 1)
    assert fraction == len(lost) * 256 // count


@given(st.integers(0, 0xFFFF), st.permutations(range(12)))
def test_reordering_loses_nothing(first: int, order: list[int]) -> None:
    tracker = LossTracker(first, 48_000)
    tracker.arrived(first, 0)
    for number in order:
        assert tracker.arrived((first + 1 + number) & 0xFFFF, 0) == first + 1 + number
    assert tracker.report()[:2] == (0, 0)


def test_asking_is_paced_and_ends() -> None:
    tracker = LossTracker(0, 90_000)
    tracker.arrived(0, 0)
    tracker.arrived(2, 0)
    asked_at = [now for now in range(0, GIVE_UP_NS + 2 * ASK_AGAIN_NS, MS) if tracker.due(now)]
    assert 4 <= len(asked_at) <= MAX_ASKS
    pauses = [b - a for a, b in itertools.pairwise(asked_at)]
    assert pauses == sorted(pauses)
    assert not tracker.waits
    assert tracker.arrived(1, GIVE_UP_NS) is None


def test_a_great_gap_is_bounded_and_a_leap_is_another_stream() -> None:
    tracker = LossTracker(0, 90_000)
    tracker.arrived(0, 0)
    tracker.arrived(MAX_JUMP, 0)
    assert len(tracker.due(FIRST_ASK_NS)) == MAX_MISSING
    with pytest.raises(OverflowError):
        tracker.arrived(3 * MAX_JUMP, 0)
    with pytest.raises(OverflowError):
        tracker.arrived(0xFFFF - 2 * MAX_JUMP, 0)


def test_jitter_is_the_smoothed_unevenness() -> None:
    even, uneven = LossTracker(0, 90_000), LossTracker(0, 90_000)
    for number in range(200):
        even.note_transit(number * 900, number * 10 * MS)
        uneven.note_transit(number * 900 & 0xFFFFFFFF, (number * 10 + number % 2 * 5) * MS)
    assert even.report()[3] == 0
    assert uneven.report()[3] == pytest.approx(450, rel=0.1)


sources = st.lists(
    st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF), st.integers(1, 30), st.booleans()),
    min_size=1,
    max_size=8,
)


@given(st.integers(0, 0x7FFF), st.integers(0, 0xFFFFFFFF), sources)
def test_whatever_the_sources_the_viewer_sees_one_stream(
    first_seq: int, first_time: int, runs: list[tuple[int, int, int, bool]]
) -> None:
    continuity = Continuity(90_000, seq=first_seq, timestamp=first_time)
    now_ns, out_seqs, out_times = 1, [], []
    for seq, timestamp, count, _ in runs:
        continuity.forget_clock()
        now_ns += 300 * MS
        continuity.begin_run(seq, timestamp, now_ns)
        for number in range(count):
            out = continuity.carry(seq + number, timestamp + 3000 * number, now_ns)
            assert out is not None
            assert continuity.source_of(out & 0xFFFF) == seq + number
            out_seqs.append(out)
            out_times.append((timestamp + 3000 * number + continuity.time_shift) & 0xFFFFFFFF)
            now_ns += 33 * MS
    assert out_seqs == list(range(first_seq, first_seq + len(out_seqs)))
    steps = [(b - a) & 0xFFFFFFFF for a, b in itertools.pairwise(out_times)]
    assert all(0 < step < 90_000 for step in steps)


def test_a_pause_of_the_same_source_keeps_its_clock() -> None:
    continuity = Continuity(48_000, seq=10, timestamp=0)
    continuity.begin_run(100, 5000, 1)
    continuity.carry(100, 5000, 1)
    shift = continuity.time_shift
    continuity.begin_run(150, 53_000, 1000 * MS)
    assert continuity.carry(150, 53_000, 1000 * MS) == 11
    assert continuity.time_shift == shift


def test_what_is_older_than_the_run_is_neither_sent_nor_repaired() -> None:
    continuity = Continuity(90_000, seq=10, timestamp=0)
    assert continuity.source_of(9) is None
    continuity.begin_run(100, 0, 1)
    assert continuity.carry(99, 0, 1) is None
    assert continuity.carry(102, 0, 1) == 12
    assert continuity.carry(101, 0, 1) == 11
    assert continuity.source_of(11) == 101
    assert continuity.source_of(13) is None
    continuity.begin_run(200, 0, 2)
    assert continuity.source_of(12) is None


@given(st.integers(0, 0x7FFF), st.integers(0, 0xFFFF))
def test_repairs_find_their_source_after_hours(first: int, seq: int) -> None:
    continuity = Continuity(90_000, seq=first, timestamp=0)
    continuity.begin_run(seq, 0, 1)
    for number in range(0, 300_000, 7):
        out = continuity.carry(seq + number, number, number)
        assert out is not None
        assert continuity.source_of(out & 0xFFFF) == seq + number
        if number > 70_000:
            break
