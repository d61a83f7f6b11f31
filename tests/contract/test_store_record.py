"""The event log: numbered without holes, all or none, in whatever hurry it is written."""

import asyncio
from datetime import timedelta, timezone

import pytest
from sqlalchemy import text

from cloudcourt.domain.errors import AlreadyExists, NotFound, SequenceConflict
from cloudcourt.domain.events import (
    Event,
    LobbyOpened,
    ParticipantMoved,
    RecessCalled,
    StoredEvent,
)
from cloudcourt.domain.hearing import ENDED, ParticipantState, SessionState
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.store.engine import open_engine
from cloudcourt.store.store import Store
from tests.bed.sittings import MORNING, Sitting, schedule

pytestmark = pytest.mark.contract


def _move(note: str) -> ParticipantMoved:
    return ParticipantMoved(participant_id=ParticipantId("p_1"), to=ParticipantState.TESTING, reason=note)


async def _note(store: Store, hearing_id: HearingId, after: int, *events: Event) -> tuple[StoredEvent, ...]:
    return await store.record.append(hearing_id, after, events, at=MORNING, actor="system")


async def _append_in_time(store: Store, hearing_id: HearingId, note: str) -> int:
    """Append one event after whatever is last, trying again for as long as others are faster."""
    while True:
        last_seq = (await store.record.since(hearing_id, 0))[-1].seq
        try:
            (stored,) = await _note(store, hearing_id, last_seq, _move(note))
        except SequenceConflict:
            continue
        return stored.seq


async def test_a_hearing_begins_with_event_one(store: Store, sitting: Sitting) -> None:
    assert sitting.founding.seq == 1
    assert await store.record.since(sitting.hearing_id, 0) == (sitting.founding,)
    assert await store.record.since(sitting.hearing_id, 1) == ()


async def test_events_are_numbered_onward_and_read_back_equal(store: Store, sitting: Sitting) -> None:
    in_court_time = MORNING.astimezone(timezone(timedelta(hours=8)))
    first = await store.record.append(
        sitting.hearing_id,
        1,
        [LobbyOpened(), _move("一"), _move("two")],
        at=in_court_time,
        actor=sitting.people[next(iter(sitting.people))],
        command_id="0b7c2b1e-8d4e-4a53-9d0a-9f1f1e4a8c11",
    )
    second = await _note(store, sitting.hearing_id, 4, RecessCalled(note="午休"))

    assert [event.seq for event in first + second] == [2, 3, 4, 5]
    read = await store.record.since(sitting.hearing_id, 1)
    assert read == first + second
    assert read[0].at == MORNING
    assert all(event.at.utcoffset() == timedelta(0) for event in read)
    assert await store.record.since(sitting.hearing_id, 3) == (first + second)[2:]


async def test_nothing_to_store_stores_nothing(store: Store, sitting: Sitting) -> None:
    assert await _note(store, sitting.hearing_id, 99) == ()
    assert len(await store.record.since(sitting.hearing_id, 0)) == 1


@pytest.mark.parametrize("expected_seq", [0, 2, 99])
async def test_a_wrong_number_conflicts_and_stores_nothing(store: Store, sitting: Sitting, expected_seq: int) -> None:
    with pytest.raises(SequenceConflict) as conflict:
        await _note(store, sitting.hearing_id, expected_seq, _move("a"), _move("b"))
    assert conflict.value.fields == {"expected_seq": expected_seq, "actual_seq": 1}
    assert await store.record.since(sitting.hearing_id, 0) == (sitting.founding,)


async def test_an_unknown_hearing_has_no_log(store: Store) -> None:
    nowhere = HearingId("h_nowhere")
    with pytest.raises(NotFound):
        await _note(store, nowhere, 0, LobbyOpened())
    assert await store.record.since(nowhere, 0) == ()


async def test_one_command_is_stored_once_whatever_the_number(store: Store, sitting: Sitting) -> None:
    async def ask(after: int, actor: str, command_id: str) -> None:
        events = [_move("a"), _move("b")]
        await store.record.append(sitting.hearing_id, after, events, at=MORNING, actor=actor, command_id=command_id)

    await ask(1, "p_1", "same")
    with pytest.raises(AlreadyExists):
        await ask(3, "p_1", "same")
    assert len(await store.record.since(sitting.hearing_id, 0)) == 3
    await ask(3, "p_2", "same")
    await ask(5, "p_1", "another")
    assert len(await store.record.since(sitting.hearing_id, 0)) == 7


async def test_two_writers_of_one_number_one_wins(store: Store, sitting: Sitting) -> None:
    for after in range(1, 21):
        outcomes = await asyncio.gather(
            _note(store, sitting.hearing_id, after, _move("left")),
            _note(store, sitting.hearing_id, after, _move("right")),
            return_exceptions=True,
        )
        won = [outcome for outcome in outcomes if isinstance(outcome, tuple)]
        lost = [outcome for outcome in outcomes if isinstance(outcome, SequenceConflict)]
        assert (len(won), len(lost)) == (1, 1)
        assert await store.record.since(sitting.hearing_id, after) == won[0]


async def test_many_writers_leave_no_hole(store: Store, store_url: str, sitting: Sitting) -> None:
    other = await Store.open(store_url)  # another process has connections of its own
    other_sitting = await schedule(other, "another case")
    writers = [
        _append_in_time(writer, hearing_id, f"{hearing_id} {number}")
        for number in range(12)
        for writer in (store, other)
        for hearing_id in (sitting.hearing_id, other_sitting.hearing_id)
    ]
    await asyncio.gather(*writers)
    await other.close()

    for hearing_id in (sitting.hearing_id, other_sitting.hearing_id):
        log = await store.record.since(hearing_id, 0)
        assert [event.seq for event in log] == list(range(1, 26))
        notes = [stored.event.reason for stored in log if isinstance(stored.event, ParticipantMoved)]
        assert sorted(notes) == sorted(f"{hearing_id} {number}" for number in range(12) for _ in (store, other))


async def test_a_cancelled_writer_has_written_all_or_nothing(store: Store, sitting: Sitting) -> None:
    """Cut off after any number of the loop's turns; what it held is free for the next one at once."""
    cut_off = []  # kept, with their tracebacks: no lock may hang on the garbage collector
    for turns in range(0, 60, 2):
        last_seq = len(await store.record.since(sitting.hearing_id, 0))
        async with asyncio.TaskGroup() as group:
            three = [_move(str(n)) for n in range(3)]
            writer = group.create_task(_note(store, sitting.hearing_id, last_seq, *three))
            for _ in range(turns):
                await asyncio.sleep(0)
            writer.cancel()
        cut_off.append(writer)
        written = await store.record.since(sitting.hearing_id, last_seq)
        assert [stored.seq - last_seq for stored in written] in ([], [1, 2, 3])
        await _append_in_time(store, sitting.hearing_id, "the next one")
    assert any(writer.cancelled() for writer in cut_off)


async def test_a_cancelled_reader_is_in_nobodys_way(store: Store, sitting: Sitting) -> None:
    cut_off = []
    for turns in range(0, 40, 2):
        async with asyncio.TaskGroup() as group:
            reader = group.create_task(store.record.since(sitting.hearing_id, 0))
            for _ in range(turns):
                await asyncio.sleep(0)
            reader.cancel()
        cut_off.append(reader)
        await _append_in_time(store, sitting.hearing_id, "the next one")
    assert any(reader.cancelled() for reader in cut_off)
    assert len(await store.record.since(sitting.hearing_id, 0)) == 21


async def test_unfinished_hearings_in_order_of_schedule(store: Store, sitting: Sitting) -> None:
    (later,) = await store.cases.add_hearing(sitting.case, MORNING + timedelta(days=2), at=MORNING, actor="s")
    (sooner,) = await store.cases.add_hearing(sitting.case, MORNING + timedelta(days=1), at=MORNING, actor="s")
    in_order = (sitting.hearing_id, sooner.hearing_id, later.hearing_id)
    assert await store.record.unfinished() == in_order

    for state in SessionState:
        await store.record.note_session(sooner.hearing_id, state)
        assert (await store.cases.hearing(sooner.hearing_id)).session is state
        is_listed = sooner.hearing_id in await store.record.unfinished()
        assert is_listed is (state not in ENDED)


async def test_the_session_of_an_unknown_hearing_cannot_be_noted(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.record.note_session(HearingId("h_nowhere"), SessionState.CLOSED)


async def test_commits_are_set_up_to_survive_a_power_cut(store_url: str) -> None:
    engine = open_engine(store_url)
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            found = {name: await connection.scalar(text(f"PRAGMA {name}")) for name in asked}
            assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
        else:
            assert await connection.scalar(text("SHOW synchronous_commit")) == "on"
    await engine.dispose()
