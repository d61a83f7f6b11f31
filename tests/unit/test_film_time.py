"""Film time and wall time: one rule, the same as the film's own, exact at every edge; marks from a court day."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudcourt.domain import commands as ask
from cloudcourt.domain.film_time import CARD_S, PICTURE_S, FilmSection, film_second, film_sections, wall_time
from cloudcourt.domain.hearing import Gap, GapReason, Phase
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.log_note import AddNote
from cloudcourt.domain.record_marks import Mark, MarkKind, marks
from cloudcourt.domain.recording import Span
from media.film.timeline import FPS, Take, chunks
from media.record.hearing_facts import HearingFacts, spans
from tests.courthouse import CLERK, DEFENDANT, JUDGE, MORNING, WITNESS, CourtDay, in_session

pytestmark = pytest.mark.unit

K = MarkKind


def after(seconds: float) -> datetime:
    return MORNING + timedelta(seconds=seconds)


SPANS = (Span(began_at=after(0), ended_at=after(60)), Span(began_at=after(600), ended_at=after(700)))
RECESS = Gap(reason=GapReason.RECESS, began_at=after(60), ended_at=after(600))
SECTIONS = film_sections(SPANS, (RECESS,), after(700))

EDGES = [
    (-1, None),
    (0, 0.0),
    (59.5, 59.5),
    (60, 60.0),
    (300, 60.0),
    (599.999, 60.0),
    (600, 62.0),
    (650, 112.0),
    (700, 162.0),
    (9_000, 162.0),
]


@pytest.mark.parametrize(("wall_s", "film_s"), EDGES)
def test_a_moment_has_its_second(wall_s: float, film_s: float | None) -> None:
    assert film_second(SECTIONS, after(wall_s)) == film_s


def test_a_second_has_its_moment() -> None:
    shown = [(0, 0), (59.5, 59.5), (60, 60), (61.9, 60), (62, 600), (112, 650), (162, 700), (999, 700)]
    assert [(s, wall_time(SECTIONS, s)) for s, _ in shown] == [(s, after(wall_s)) for s, wall_s in shown]


def test_without_a_film_there_is_neither() -> None:
    assert film_sections((), (), MORNING) == ()
    assert film_second((), MORNING) is None
    assert wall_time((), 0) is None


def test_what_has_no_end_yet_lasts_until_now() -> None:
    (section,) = film_sections((Span(began_at=after(0)),), (), after(10))
    assert (section.length_s, section.ended_at) == (10.0, after(10))


_cuts = st.lists(st.integers(1, 400_000), min_size=2, max_size=9, unique=True).map(sorted)


def cut(moments_ms: list[int]) -> tuple[tuple[Span, ...], tuple[Gap, ...]]:
    """A hearing cut at these milliseconds: even pieces are recorded, odd ones are gaps."""
    pieces = [(after(a / 1000), after(b / 1000)) for a, b in pairwise(moments_ms)]
    recorded = tuple(Span(began_at=a, ended_at=b) for a, b in pieces[::2])
    return recorded, tuple(Gap(reason=GapReason.FAULT, began_at=a, ended_at=b) for a, b in pieces[1::2])


@given(_cuts)
def test_it_is_the_rule_by_which_the_film_is_made(moments_ms: list[int]) -> None:
    recorded, gaps = cut(moments_ms)
    facts = HearingFacts(
        hearing_id=HearingId("h_1"),
        case_number="1",
        cause="c",
        opened_at=recorded[0].began_at,
        ended_at=after(moments_ms[-1] / 1000),
        seats=(),
        spans=recorded,
        gaps=gaps,
    )
    made: list[tuple[bool, float]] = []
    reached_ns = 0
    for chunk in chunks(facts):
        goes_on = isinstance(chunk, Take) and chunk.began_ns == reached_ns
        before_s = made.pop()[1] if goes_on else 0.0
        made.append((isinstance(chunk, Take), before_s + chunk.frames / FPS))
        reached_ns = chunk.ended_ns if isinstance(chunk, Take) else 0
    told = [(s.reason is None, s.length_s) for s in film_sections(recorded, gaps, after(0))]
    assert [is_take for is_take, _ in told] == [is_take for is_take, _ in made]
    assert [length for _, length in told] == pytest.approx([length for _, length in made])


@given(_cuts, st.floats(0, 1))
def test_there_and_back_is_the_same_picture(moments_ms: list[int], share: float) -> None:
    sections = film_sections(*cut(moments_ms), after(0))
    takes = [s for s in sections if s.reason is None]
    for take in takes:
        second = take.from_s + share * max(0.0, take.length_s - 2 * PICTURE_S)
        shown = wall_time(sections, second)
        assert shown is not None
        back = film_second(sections, shown)
        assert back == pytest.approx(second, abs=PICTURE_S)
    assert sum(s.length_s for s in sections) == pytest.approx(
        sum(t.length_s for t in takes) + CARD_S * (len(sections) - len(takes))
    )


def day_with_everything() -> CourtDay:
    day = in_session()
    day.passes(10)
    day.asks(CLERK, ask.Admit(participant_id=WITNESS))
    day.passes(5)
    day.asks(JUDGE, ask.SetPhase(phase=Phase.EVIDENCE))
    day.passes(5)
    day.asks(CLERK, AddNote(text="借条原件"))
    day.passes(5)
    day.asks(JUDGE, ask.CallRecess(note="午休"))
    day.passes(600)
    day.resumes()
    day.passes(5)
    day.asks(None, ask.LinkLost(participant_id=DEFENDANT))
    day.asks(None, ask.Connected(participant_id=DEFENDANT))
    day.asks(CLERK, ask.ReturnToLobby(participant_id=WITNESS))
    day.passes(10)
    day.asks(None, ask.RecorderInterrupted(since=day.now - timedelta(seconds=3), note="disk_full"))
    day.passes(2)
    day.asks(None, ask.RecorderResumed())
    day.asks(JUDGE, ask.StateFault(text="磁盘已满"))
    day.passes(5)
    day.asks(JUDGE, ask.CloseHearing())
    return day


def marks_of(day: CourtDay) -> tuple[Mark, ...]:
    sections: tuple[FilmSection, ...] = film_sections(spans(day.hearing), day.hearing.gaps, day.now)
    return marks(day.log, sections)


def test_a_court_day_leaves_its_marks_in_order() -> None:
    told = marks_of(day_with_everything())
    assert [mark.kind for mark in told] == [
        *(K.OPENED, K.CAME, K.PHASE, K.NOTE, K.RECESS, K.RESUMED, K.LINK_LOST, K.CAME, K.WENT),
        *(K.FAULT, K.FAULT_OVER, K.STATEMENT, K.CLOSED),
    ]
    by_kind = {mark.kind: mark for mark in told}
    note = by_kind[K.NOTE]
    assert (note.text, note.person and note.person.name) == ("借条原件", "赵敏")
    assert by_kind[K.PHASE].phase is Phase.EVIDENCE
    assert [m.film_s for m in told if m.kind in (K.OPENED, K.CAME, K.PHASE, K.NOTE)][:4] == [0, 10, 15, 20]
    assert (by_kind[K.RECESS].film_s, by_kind[K.RECESS].text) == (25, "午休")
    assert by_kind[K.RESUMED].film_s == 25 + CARD_S
    fault, over = by_kind[K.FAULT], by_kind[K.FAULT_OVER]
    assert fault.at == over.at - timedelta(seconds=5)
    assert over.film_s == pytest.approx((fault.film_s or 0) + CARD_S)
    assert by_kind[K.CLOSED].film_s == max(mark.film_s or 0 for mark in told)


def test_before_the_opening_nothing_is_a_mark() -> None:
    day = CourtDay()
    day.arrives(JUDGE, CLERK, DEFENDANT)
    assert marks_of(day) == ()
