"""The record room's books, on SQLite and PostgreSQL: found again by anything, numbered, reasoned, never changed."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cloudcourt.domain.case import NewCase, PersonEntry
from cloudcourt.domain.errors import NotFound
from cloudcourt.domain.events import (
    Event,
    HearingClosed,
    HearingOpened,
    HearingSuspended,
    PhaseChanged,
    RecordingInterrupted,
)
from cloudcourt.domain.hearing import Phase, SessionState
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.record_access import AccessEntry, CopyWish, Purpose, Subject
from cloudcourt.domain.record_index import PAGE_LENGTH, RecordFilter, RecordSearch
from cloudcourt.domain.recording import FilmState
from cloudcourt.domain.roles import Role
from cloudcourt.store.engine import open_engine
from cloudcourt.store.migrate import migrate
from cloudcourt.store.store import Store
from tests.bed.sittings import MORNING, Sitting

pytestmark = pytest.mark.contract

DAY = timedelta(days=1)


async def held(
    store: Store, number: str, at: datetime = MORNING, plaintiff: str = "李秀英", events: Sequence[Event] = ()
) -> HearingId:
    """A hearing of a case of its own that was opened then; `events` follow, a minute later."""
    people = (PersonEntry(role=Role.PLAINTIFF, name=plaintiff), PersonEntry(role=Role.JUDGE, name="陈明远"))
    case = await store.cases.add_case(NewCase(case_number=number, cause="民间借贷纠纷", people=people), at=MORNING)
    (founding,) = await store.cases.add_hearing(case, at, at=MORNING, actor="staff:clerk")
    hearing_id = founding.hearing_id
    await store.record.append(hearing_id, 1, [HearingOpened()], at=at, actor="p_1")
    await store.record.append(hearing_id, 2, events, at=at + timedelta(minutes=1), actor="p_1")
    return hearing_id


async def found(store: Store, **asked: object) -> list[HearingId]:
    page = await store.records.search(RecordSearch.model_validate(asked))
    assert page.total == len(page.records)
    return [card.hearing_id for card in page.records]


async def test_a_hearing_is_in_the_index_from_its_opening(store: Store, sitting: Sitting) -> None:
    assert await found(store) == []
    ended: list[Event] = [
        RecordingInterrupted(since=MORNING),
        PhaseChanged(phase=Phase.DEBATE),
        HearingSuspended(),
        HearingClosed(),
    ]
    hearing_id = await held(store, "（2026）云0101民初27号", events=ended)
    (card,) = (await store.records.search(RecordSearch())).records
    assert (card.hearing_id, card.case_number, card.cause) == (hearing_id, "（2026）云0101民初27号", "民间借贷纠纷")
    assert (card.opened_at, card.ended_at) == (MORNING, MORNING + timedelta(minutes=1))
    assert (card.faults, card.film, card.is_sealed) == (2, FilmState.NONE, False)
    assert [(p.role, p.name) for p in card.people] == [(Role.JUDGE, "陈明远"), (Role.PLAINTIFF, "李秀英")]


WORDS = {
    "民初27号": "a",
    "(2026)云0101民初27": "a",
    "（2026）云0101民初28号": "b",
    "李秀英": "a",
    "wang": "b",
    "WANG Fang": "b",
    "借贷 秀英 27": "a",
    "陈明远": "ba",
    "不存在": "",
    "27 wang": "",
    "%": "",
    "_": "",
    "\\": "",
    "' OR 1=1 --": "",
}


async def test_words_find_numbers_in_any_brackets_causes_and_names(store: Store) -> None:
    names = {
        await held(store, "（2026）云0101民初27号"): "a",
        await held(store, "（2026）云0101民初28号", MORNING + DAY, "Wang Fang"): "b",
    }
    for words, expected in WORDS.items():
        assert "".join(names[hearing_id] for hearing_id in await found(store, words=words)) == expected, words


async def test_days_and_states_narrow_it_down(store: Store) -> None:
    plain = await held(store, "1")
    faulty = await held(store, "2", MORNING + DAY, events=[HearingSuspended(), HearingClosed()])
    done = await held(store, "3", MORNING + 2 * DAY, events=[HearingClosed()])
    await store.records.note_files(done, film=FilmState.READY, is_sealed=True)
    await store.records.note_files(faulty, film=FilmState.FAILED, is_sealed=True)
    assert await found(store) == [done, faulty, plain]
    assert await found(store, opened_from=MORNING + DAY) == [done, faulty]
    assert await found(store, opened_before=MORNING + DAY) == [plain]
    assert await found(store, opened_from=MORNING + DAY, opened_before=MORNING + 2 * DAY) == [faulty]
    assert await found(store, state=RecordFilter.SEALED) == [done, faulty]
    assert await found(store, state=RecordFilter.UNSEALED) == [plain]
    assert await found(store, state=RecordFilter.FILM_READY) == [done]
    assert await found(store, state=RecordFilter.HAS_FAULTS) == [faulty]
    case = (await store.cases.hearing(plain)).case_id
    assert await found(store, case_id=case) == [plain]


async def test_pages_are_whole_stable_and_without_doubles(store: Store) -> None:
    for number in range(PAGE_LENGTH + 3):
        await held(store, f"n{number}")  # all opened at the same moment
    first, second, beyond = [await store.records.search(RecordSearch(page=page)) for page in (1, 2, 9)]
    assert (first.total, first.pages, len(first.records)) == (PAGE_LENGTH + 3, 2, PAGE_LENGTH)
    assert (len(second.records), beyond.records) == (3, ())
    ids = [card.hearing_id for card in (*first.records, *second.records)]
    assert ids == sorted(set(ids))
    assert await store.records.search(RecordSearch(page=1)) == first


async def test_what_is_not_known_to_be_finished_is_asked_after_again(store: Store) -> None:
    done, failed, sitting_on = [await held(store, number) for number in "123"]
    for hearing_id in (done, failed):
        await store.record.note_session(hearing_id, SessionState.CLOSED)
    await store.record.note_session(sitting_on, SessionState.RECESS)
    await store.records.note_files(done, film=FilmState.READY, is_sealed=True)
    assert await store.records.unsettled() == (failed,)


async def test_what_was_held_before_there_was_an_index_is_found_too(empty_url: str) -> None:
    await migrate(empty_url)
    store = await Store.open(empty_url)
    hearing_id = await held(store, "27", events=[HearingSuspended(), PhaseChanged(phase=Phase.DEBATE), HearingClosed()])
    await store.record.note_session(hearing_id, SessionState.CLOSED)
    before = await store.records.search(RecordSearch())
    await store.close()
    engine = open_engine(empty_url)
    async with engine.begin() as connection:
        for undo in ("DROP TABLE access_served", "DROP TABLE downloads", "DROP TABLE record_index"):
            await connection.execute(text(undo))
        await connection.execute(text("ALTER TABLE access_entries DROP COLUMN download_id"))
        await connection.execute(text("ALTER TABLE case_people DROP COLUMN ties"))
        await connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    await engine.dispose()

    await migrate(empty_url)
    store = await Store.open(empty_url)
    assert await store.records.search(RecordSearch()) == before
    assert await store.records.unsettled() == (hearing_id,)
    await store.close()


WISH = CopyWish(
    subject=Subject.FILM, purpose=Purpose.PARTY_REQUEST, reason="当事人申请", is_marked=True, recipient="王芳律师"
)
CLERK = {"who": "staff:clerk", "name": "钱书记", "at": MORNING, "expires_at": MORNING + DAY}


async def test_copies_are_numbered_without_holes_whoever_asks_at_once(store: Store, sitting: Sitting) -> None:
    granted = await asyncio.gather(*[store.access.grant(sitting.hearing_id, WISH, **CLERK) for _ in range(8)])  # type: ignore[arg-type]
    assert sorted(download.number for download in granted) == list(range(1, 9))
    assert len({download.id for download in granted}) == 8
    other = await held(store, "2")
    assert (await store.access.grant(other, WISH, **CLERK)).number == 1  # type: ignore[arg-type]
    assert await store.access.download(granted[3].id) == granted[3]
    for unknown in ("d_none", "\x00", "一"):
        with pytest.raises(NotFound):
            await store.access.download(unknown)


async def test_an_opening_tells_what_it_was_for_and_what_went_out(store: Store, sitting: Sitting) -> None:
    granted = await store.access.grant(sitting.hearing_id, WISH, **CLERK)  # type: ignore[arg-type]
    opening = {"at": MORNING, "hearing_id": sitting.hearing_id, "who": "staff:clerk", "name": "钱书记", "range_from": 0}
    played = await store.access.note(AccessEntry.model_validate({**opening, "file": "composite.mp4"}))
    taken = await store.access.note(
        AccessEntry.model_validate({**opening, "file": "composite.mp4", "download_id": granted.id})
    )
    for bytes_sent, is_complete in ((6_000_000_000, False), (1_000, True), (5, False)):
        await store.access.note_served(taken, at=MORNING, bytes_sent=bytes_sent, is_complete=is_complete)
    listened, copied = await store.access.entries(sitting.hearing_id)
    assert played != taken
    assert (listened.bytes, listened.is_complete, listened.purpose, listened.number) == (0, False, None, None)
    assert (copied.bytes, copied.is_complete) == (6_000_001_005, True)
    assert (copied.number, copied.purpose, copied.reason, copied.recipient) == (
        *(1, Purpose.PARTY_REQUEST, "当事人申请", "王芳律师"),
    )


@pytest.mark.parametrize("table", ["downloads", "access_served"])
@pytest.mark.parametrize("change", ["UPDATE {0} SET at = NULL", "DELETE FROM {0}"])
async def test_the_database_guards_them(
    store: Store, sitting: Sitting, store_url: str, table: str, change: str
) -> None:
    await store.access.grant(sitting.hearing_id, WISH, **CLERK)  # type: ignore[arg-type]
    opening = {"at": MORNING, "hearing_id": sitting.hearing_id, "who": "a", "name": "A", "file": "f", "range_from": 0}
    row = await store.access.note(AccessEntry.model_validate(opening))
    await store.access.note_served(row, at=MORNING, bytes_sent=1, is_complete=True)
    engine = open_engine(store_url)
    with pytest.raises(DBAPIError, match=f"{table} is append-only"):
        async with engine.begin() as connection:
            await connection.execute(text(change.format(table)))
    await engine.dispose()
