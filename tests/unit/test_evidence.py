"""The evidence log's arithmetic: one form of JSON, one chain, and what one event leaves in it."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloudcourt.domain.apply import apply
from cloudcourt.domain.commands import (
    CallRecess,
    CloseHearing,
    LinkLost,
    RecorderInterrupted,
    RecorderResumed,
    Remove,
    StateFault,
)
from cloudcourt.domain.errors import NotAllowed, WrongState
from cloudcourt.domain.evidence import (
    GREATEST_INT,
    NO_HASH,
    AttendanceEntry,
    EventEntry,
    GapEntry,
    StatementEntry,
    canonical,
    entries_of,
    entry_hash,
    entry_line,
    stored_line,
)
from cloudcourt.domain.hearing import GapReason, Hearing
from tests.contract.test_store_every_event import KINDS, _values
from tests.courthouse import CLERK, DEFENDANT, JUDGE, MORNING, PLAINTIFF, CourtDay, in_session

pytestmark = pytest.mark.unit

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-GREATEST_INT, GREATEST_INT) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_canonical_json_says_the_same_and_says_it_once(value: Any) -> None:
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written
    assert b"\n" not in written


@given(st.dictionaries(texts, st.integers(0, 9), min_size=2, max_size=6), st.randoms())
def test_the_order_of_names_makes_no_difference(named: dict[str, int], chance: Any) -> None:
    shuffled = list(named.items())
    chance.shuffle(shuffled)
    assert canonical(dict(shuffled)) == canonical(named)


def test_names_sort_by_utf_16_as_the_rfc_shows() -> None:
    named = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert list(json.loads(canonical(named)).values()) == [2, 4, 6, 7, 1, 5, 3]


@pytest.mark.parametrize("value", [1.0, float("nan"), {"a": [0.5]}, GREATEST_INT + 1, "\ud800", {1: "a"}, b"", {"a"}])
def test_what_is_not_the_same_everywhere_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical(value)


def test_the_chain_is_a_hash_over_a_zero_byte_the_hash_before_and_the_line() -> None:
    line = b'{"n":1}'
    head = entry_hash(NO_HASH, line)
    assert head == hashlib.sha256(bytes(33) + line).hexdigest()
    assert json.loads(stored_line(head, line)) == [head, {"n": 1}]


def told(day: CourtDay) -> list[Any]:
    """Everything a whole court day leaves in the log."""
    entries: list[Any] = []
    before: Hearing | None = None
    for stored in day.log:
        after = apply(before, stored)
        entries += entries_of(before, after, stored)
        before = after
    return entries


def test_every_event_is_in_the_log_once_and_in_order() -> None:
    day = in_session()
    day.asks(JUDGE, CloseHearing())
    events = [entry for entry in told(day) if isinstance(entry, EventEntry)]
    assert [entry.seq for entry in events] == list(range(1, len(day.log) + 1))
    assert [entry.event["kind"] for entry in events] == [stored.event.kind for stored in day.log]
    for number, entry in enumerate(told(day), start=1):
        assert json.loads(entry_line(number, entry))["n"] == number


def test_who_comes_and_goes_is_told_without_a_name() -> None:
    day = in_session()
    day.asks(None, LinkLost(participant_id=DEFENDANT))
    day.asks(CLERK, Remove(participant_id=PLAINTIFF, reason="order"))
    comings = [(e.participant, e.present) for e in told(day) if isinstance(e, AttendanceEntry)]
    assert set(comings[:4]) == {(p, True) for p in (JUDGE, CLERK, PLAINTIFF, DEFENDANT)}
    assert comings[4:] == [(DEFENDANT, False), (PLAINTIFF, False)]
    lines = b"".join(entry_line(1, e) for e in told(day) if isinstance(e, AttendanceEntry))
    assert not any(person.name.encode() in lines for person in day.hearing.seating)


def test_each_gap_is_told_when_it_has_ended() -> None:
    day = in_session()
    day.passes(60)
    day.asks(JUDGE, CallRecess(note="午休"))
    day.passes(600)
    day.resumes()
    day.passes(60)
    day.asks(None, RecorderInterrupted(since=day.now - timedelta(seconds=3), note="disk_full"))
    day.passes(5)
    day.asks(None, RecorderResumed())
    day.asks(JUDGE, StateFault(text="磁盘已满，已更换。"))
    day.asks(JUDGE, CallRecess(note=""))
    day.passes(30)
    day.asks(JUDGE, CloseHearing())
    gaps = [entry for entry in told(day) if isinstance(entry, GapEntry)]
    assert [gap.reason for gap in gaps] == [GapReason.RECESS, GapReason.FAULT, GapReason.RECESS]
    assert [(e.actor, e.text) for e in told(day) if isinstance(e, StatementEntry)] == [(JUDGE, "磁盘已满，已更换。")]
    assert [(g.began_at, g.ended_at, g.note) for g in gaps] == [
        (g.began_at, g.ended_at, g.note) for g in day.hearing.gaps
    ]


def test_only_the_judge_explains_a_fault_and_only_where_there_was_one() -> None:
    day = in_session()
    assert day.asks(JUDGE, StateFault(text="nothing happened")) == ()
    with pytest.raises(NotAllowed):
        day.asks(CLERK, StateFault(text="mine"))
    day.asks(None, RecorderInterrupted(since=day.now, note="disk_full"))
    before = day.hearing
    (said,) = day.asks(JUDGE, StateFault(text="power cut"))
    assert day.hearing == before.model_copy(update={"seq": said.seq, "faults_stated": 1})
    day.asks(JUDGE, CloseHearing())
    with pytest.raises(WrongState):
        day.asks(JUDGE, StateFault(text="too late"))


@settings(max_examples=20, deadline=None)
@given(st.tuples(*[_values(kind) for kind in KINDS]))
def test_every_kind_of_event_can_be_written(one_of_each: tuple[Any, ...]) -> None:
    for event in one_of_each:
        entry = EventEntry(at=MORNING, seq=1, actor="system", event=event.model_dump(mode="json"))
        assert json.loads(entry_line(1, entry))["event"] == event.model_dump(mode="json")


def test_times_are_written_as_text() -> None:
    entry = AttendanceEntry(
        at=datetime(2026, 11, 24, 9, 0, 0, 5, tzinfo=UTC),
        participant=JUDGE,
        role=in_session().hearing.participants[JUDGE].role,
        present=True,
    )
    assert json.loads(entry_line(7, entry))["at"] == "2026-11-24T09:00:00.000005Z"
