"""The record room's index in SQL: kept with the event log, searched by page."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cloudcourt.domain import events as happened
from cloudcourt.domain.case import PersonEntry
from cloudcourt.domain.events import StoredEvent
from cloudcourt.domain.hearing import ENDED
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.record_index import PAGE_LENGTH, RecordCard, RecordFilter, RecordPage, RecordSearch
from cloudcourt.domain.recording import FilmState
from cloudcourt.domain.roles import SEATING_ORDER, Role
from cloudcourt.store.database import Database
from cloudcourt.store.record_tables import record_index
from cloudcourt.store.tables import cases, hearings, participants

_ENDS = (happened.HearingClosed, happened.HearingAdjourned, happened.HearingConvertedOffline)
_FAULTS = (happened.HearingSuspended, happened.RecordingInterrupted)

_STATES: dict[RecordFilter, ColumnElement[bool]] = {
    RecordFilter.SEALED: record_index.c.is_sealed.is_(True),
    RecordFilter.UNSEALED: record_index.c.is_sealed.is_(False),
    RecordFilter.FILM_READY: record_index.c.film == FilmState.READY.value,
    RecordFilter.HAS_FAULTS: record_index.c.faults > 0,
}
_PLAIN = str.maketrans({"（": "(", "）": ")", "【": "[", "】": "]", "〔": "[", "〕": "]"})  # fmt: skip
"""However a case number's brackets are typed, they are the same brackets."""


async def index_events(connection: AsyncConnection, stored: Sequence[StoredEvent]) -> None:
    """Keep the index true to the log, in the log's own transaction."""
    for entry in stored:
        of_this = record_index.c.hearing_id == entry.hearing_id
        if isinstance(entry.event, happened.HearingOpened):
            await _list(connection, entry)
        elif isinstance(entry.event, _ENDS):
            await connection.execute(update(record_index).where(of_this).values(ended_at=entry.at))
        elif isinstance(entry.event, _FAULTS):
            await connection.execute(update(record_index).where(of_this).values(faults=record_index.c.faults + 1))


async def _list(connection: AsyncConnection, entry: StoredEvent) -> None:
    known = select(record_index.c.hearing_id).where(record_index.c.hearing_id == entry.hearing_id)
    if (await connection.execute(known)).first() is None:
        row = {"hearing_id": entry.hearing_id, "opened_at": entry.at, "faults": 0}
        await connection.execute(insert(record_index), {**row, "film": FilmState.NONE.value, "is_sealed": False})


class SqlRecordIndex:
    """A `RecordIndex`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, asked: RecordSearch) -> RecordPage:
        """One page; an empty one beyond the last."""
        conditions = _conditions(asked)
        found = select(*_CARD).select_from(_CARDS).where(*conditions)
        newest_first = (record_index.c.opened_at.desc(), record_index.c.hearing_id)
        page = found.order_by(*newest_first).limit(PAGE_LENGTH).offset((asked.page - 1) * PAGE_LENGTH)
        counted = select(func.count()).select_from(_CARDS).where(*conditions)
        async with self._database.reading() as connection:
            total = int(await connection.scalar(counted) or 0)
            rows = (await connection.execute(page)).mappings().all()
            people = await _people(connection, [row["hearing_id"] for row in rows])
        return RecordPage(
            records=tuple(RecordCard.model_validate({**row, "people": people[row["hearing_id"]]}) for row in rows),
            total=total,
            page=asked.page,
            pages=max(1, -(-total // PAGE_LENGTH)),
        )

    async def note_files(self, hearing_id: HearingId, *, film: FilmState, is_sealed: bool) -> None:
        """What the record room knows of a hearing's files."""
        row = update(record_index).where(record_index.c.hearing_id == hearing_id)
        change = row.values(film=film.value, is_sealed=is_sealed)
        await self._database.write(lambda connection: connection.execute(change))

    async def unsettled(self) -> tuple[HearingId, ...]:
        """Ended hearings that are not known to be sealed with a film."""
        settled = and_(_STATES[RecordFilter.SEALED], _STATES[RecordFilter.FILM_READY])
        asked = (
            select(record_index.c.hearing_id)
            .join(hearings, hearings.c.id == record_index.c.hearing_id)
            .where(hearings.c.session.in_(sorted(state.value for state in ENDED)), ~settled)
            .order_by(record_index.c.opened_at, record_index.c.hearing_id)
        )
        async with self._database.reading() as connection:
            return tuple(HearingId(id_) for id_ in (await connection.scalars(asked)).all())


_CARDS = record_index.join(hearings, hearings.c.id == record_index.c.hearing_id).join(
    cases, cases.c.id == hearings.c.case_id
)
_CARD = (
    *(record_index.c.hearing_id, cases.c.case_number, cases.c.cause, hearings.c.session),
    *(record_index.c.opened_at, record_index.c.ended_at, record_index.c.faults),
    *(record_index.c.film, record_index.c.is_sealed),
)


def _conditions(asked: RecordSearch) -> list[ColumnElement[bool]]:
    """Every word must be found somewhere."""
    conditions = [_has(word) for word in asked.words.translate(_PLAIN).split()]
    if asked.opened_from is not None:
        conditions.append(record_index.c.opened_at >= asked.opened_from)
    if asked.opened_before is not None:
        conditions.append(record_index.c.opened_at < asked.opened_before)
    if asked.state is not None:
        conditions.append(_STATES[asked.state])
    if asked.case_id is not None:
        conditions.append(hearings.c.case_id == asked.case_id)
    return conditions


def _has(word: str) -> ColumnElement[bool]:
    number: Any = cases.c.case_number
    for typed, plain in _PLAIN.items():
        number = func.replace(number, chr(typed), plain)
    named = exists().where(
        participants.c.hearing_id == record_index.c.hearing_id, participants.c.name.icontains(word, autoescape=True)
    )
    return or_(number.icontains(word, autoescape=True), cases.c.cause.icontains(word, autoescape=True), named)


async def _people(connection: AsyncConnection, of: list[str]) -> defaultdict[str, list[PersonEntry]]:
    asked: Select[tuple[str, str, str]] = (
        select(participants.c.hearing_id, participants.c.role, participants.c.name)
        .where(participants.c.hearing_id.in_(of))
        .order_by(participants.c.name)
    )
    people: defaultdict[str, list[PersonEntry]] = defaultdict(list)
    for row in sorted(await connection.execute(asked), key=lambda row: SEATING_ORDER.index(Role(row.role))):
        people[row.hearing_id].append(PersonEntry(role=Role(row.role), name=row.name))
    return people
