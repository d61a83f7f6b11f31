"""opened..closed = recorded spans + gaps: any lawful cut balances, and every disturbance is named."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudcourt.domain.gap_algebra import differences
from cloudcourt.domain.hearing import Gap, GapReason
from cloudcourt.domain.recording import Span
from media.record.hearing_facts import spans
from tests.bed.recordings import hearing_from
from tests.courthouse import MORNING

pytestmark = pytest.mark.unit

REASONS = list(GapReason)


class Cut(NamedTuple):
    """A hearing cut at the given seconds: even pieces are recorded, odd ones are gaps."""

    marks: list[int]

    @property
    def pieces(self) -> list[Span | Gap]:
        made: list[Span | Gap] = []
        for number, (a, b) in enumerate(zip(self.marks, self.marks[1:], strict=False)):
            began_at, ended_at = MORNING + timedelta(seconds=a), MORNING + timedelta(seconds=b)
            if number % 2:
                made.append(Gap(reason=REASONS[number % len(REASONS)], began_at=began_at, ended_at=ended_at))
            else:
                made.append(Span(began_at=began_at, ended_at=ended_at))
        return made

    def difference_of(self, pieces: list[Span | Gap], tolerance_s: float = 0) -> list[tuple[str, float, float]]:
        found = differences(
            MORNING + timedelta(seconds=self.marks[0]),
            MORNING + timedelta(seconds=self.marks[-1]),
            [p for p in pieces if isinstance(p, Span)],
            [p for p in pieces if isinstance(p, Gap)],
            timedelta(seconds=tolerance_s),
        )
        return [(d.kind, (d.began_at - MORNING).total_seconds(), (d.ended_at - MORNING).total_seconds()) for d in found]


cuts = st.lists(st.integers(0, 10_000), min_size=3, max_size=12, unique=True).map(lambda marks: Cut(sorted(marks)))


@given(cuts, st.randoms())
def test_a_hearing_cut_into_spans_and_gaps_balances_in_any_order(cut: Cut, chance: object) -> None:
    pieces = cut.pieces
    chance.shuffle(pieces)  # type: ignore[attr-defined] # hypothesis gives a Random
    assert cut.difference_of(pieces) == []


@given(cuts, st.data())
def test_a_piece_left_out_is_a_hole_of_its_length(cut: Cut, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(cut.pieces) - 1))
    left = cut.pieces[:at] + cut.pieces[at + 1 :]
    assert cut.difference_of(left) == [("hole", cut.marks[at], cut.marks[at + 1])]


@given(cuts, st.data())
def test_a_piece_counted_twice_is_an_overlap(cut: Cut, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(cut.pieces) - 1))
    assert cut.difference_of([*cut.pieces, cut.pieces[at]]) == [("overlap", cut.marks[at], cut.marks[at + 1])]


@given(cuts, st.data(), st.integers(1, 500))
def test_a_moved_end_is_a_hole_or_an_overlap_or_lies_outside(cut: Cut, data: st.DataObject, by_s: int) -> None:
    at = data.draw(st.integers(0, len(cut.pieces) - 1))
    pieces = cut.pieces
    ended_at = pieces[at].ended_at
    assert ended_at is not None
    pieces[at] = pieces[at].model_copy(update={"ended_at": ended_at + timedelta(seconds=by_s)})
    late = cut.difference_of(pieces)
    assert late and {kind for kind, _, _ in late} <= {"overlap", "outside"}
    assert sum(b - a for _, a, b in late) >= min(by_s, 1)
    assert cut.difference_of(pieces, tolerance_s=by_s) == []


def test_what_never_ended_and_what_ends_before_it_begins_is_named() -> None:
    cut = Cut([0, 10, 20])
    span, gap = cut.pieces
    assert cut.difference_of([span.model_copy(update={"ended_at": None}), gap]) == [("hole", 0, 10), ("open", 0, 20)]
    turned = gap.model_copy(
        update={"began_at": MORNING + timedelta(seconds=20), "ended_at": MORNING + timedelta(seconds=10)}
    )
    assert cut.difference_of([span, turned]) == [("hole", 10, 20), ("backwards", 20, 10)]


@given(cuts)
def test_the_spans_of_a_hearing_are_what_its_gaps_leave(cut: Cut) -> None:
    gaps = [piece for piece in cut.pieces if isinstance(piece, Gap)]
    opened_at = MORNING + timedelta(seconds=cut.marks[0])
    hearing = hearing_from(opened_at, cut.marks[-1] - cut.marks[0], gaps)
    assert cut.difference_of([*spans(hearing), *gaps]) == []
