"""Whatever can happen in a hearing can be stored and read back as it was."""

from datetime import UTC, datetime
from types import UnionType
from typing import Any, NewType, Union, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloudcourt.domain.events import Event
from cloudcourt.domain.value import Value
from cloudcourt.store.store import Store
from tests.bed.sittings import MORNING, Sitting

pytestmark = pytest.mark.contract

KINDS: tuple[type[Value], ...] = get_args(get_args(Event)[0])

# With NUL, quotes and all that databases may trip over; half a surrogate pair is refused by the domain's schema.
_words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_times = st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis wants bounds naive


def _anything(kind: Any) -> st.SearchStrategy[Any]:
    """Values of one field's type."""
    if kind is datetime:
        return _times
    if kind is int:  # what is exact in every language
        return st.integers(-(2**53) + 1, 2**53 - 1)
    if kind is str or isinstance(kind, NewType):
        return _words
    if isinstance(kind, type) and issubclass(kind, Value):
        return _values(kind)
    if get_origin(kind) is tuple:
        return st.lists(_anything(get_args(kind)[0]), max_size=3).map(tuple)
    if get_origin(kind) in (Union, UnionType):
        return st.one_of([_anything(choice) for choice in get_args(kind)])
    return st.from_type(kind)


def _values(model: type[Value]) -> st.SearchStrategy[Value]:
    return st.builds(model, **{name: _anything(field.annotation) for name, field in model.model_fields.items()})


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one_of_each=st.tuples(*[_values(kind) for kind in KINDS]))
async def test_every_kind_of_event_survives_the_trip(
    store: Store, sitting: Sitting, one_of_each: tuple[Any, ...]
) -> None:
    last_seq = len(await store.record.since(sitting.hearing_id, 0))
    stored = await store.record.append(sitting.hearing_id, last_seq, one_of_each, at=MORNING, actor="system")
    assert await store.record.since(sitting.hearing_id, last_seq) == stored
    assert tuple(entry.event for entry in stored) == one_of_each
