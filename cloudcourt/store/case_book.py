"""Case files and the list of hearings in SQL."""

from collections import defaultdict
from datetime import UTC, datetime

from sqlalchemy import RowMapping, Select, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from cloudcourt.domain.case import Case, HearingSummary, NewCase, PersonEntry
from cloudcourt.domain.check_in import CheckInKind
from cloudcourt.domain.errors import AlreadyExists, NotFound
from cloudcourt.domain.events import HearingScheduled, StoredEvent
from cloudcourt.domain.hearing import Participant, SessionState
from cloudcourt.domain.ids import CaseId, HearingId, ParticipantId
from cloudcourt.domain.retention import RetentionClass
from cloudcourt.domain.roles import Role
from cloudcourt.domain.ties import Ties
from cloudcourt.store import tables
from cloudcourt.store.court_record import number, write_events
from cloudcourt.store.database import Database
from cloudcourt.store.short_ids import may_be_id, new_id


class SqlCaseBook:
    """A `CaseBook`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_case(self, case: NewCase, *, at: datetime) -> Case:
        """Open a case file. Raises AlreadyExists when the case number is taken."""
        added = Case(id=CaseId(new_id("c")), created_at=at.astimezone(UTC), **dict(case))

        async def write(connection: AsyncConnection) -> None:
            try:
                await connection.execute(
                    insert(tables.cases),
                    added.model_dump(include={"id", "case_number", "cause", "is_public", "created_at"}),
                )
            except IntegrityError as clash:
                raise AlreadyExists(case.case_number) from clash
            people = [
                {
                    "case_id": added.id,
                    "place": place,
                    "role": person.role.value,
                    "name": person.name,
                    "ties": person.ties.model_dump_json(),
                }
                for place, person in enumerate(case.people)
            ]
            await connection.execute(insert(tables.case_people), people)

        await self._database.write(write)
        return added

    async def case(self, case_id: CaseId) -> Case:
        """Raises NotFound."""
        if not may_be_id(case_id):
            raise NotFound
        found = await self._read_cases(
            select(tables.cases).where(tables.cases.c.id == case_id),
            select(tables.case_people).where(tables.case_people.c.case_id == case_id),
        )
        if not found:
            raise NotFound
        return found[0]

    async def cases(self) -> tuple[Case, ...]:
        """Newest first."""
        newest_first = (tables.cases.c.created_at.desc(), tables.cases.c.id)
        return await self._read_cases(select(tables.cases).order_by(*newest_first), select(tables.case_people))

    async def add_hearing(
        self,
        case: Case,
        scheduled_at: datetime,
        *,
        at: datetime,
        actor: str,
        check_in: CheckInKind = CheckInKind.SHORT,
        retention: RetentionClass = RetentionClass.PERMANENT,
    ) -> tuple[StoredEvent, ...]:
        """Schedule a hearing with the case's people: a row in the list and event 1 of its log, in one transaction.

        Raises NotFound when the case isn't in the book.
        """
        hearing_id = HearingId(new_id("h"))
        founding = _founding_event(case, scheduled_at, check_in, retention)
        stored = number(hearing_id, 0, [founding], at=at, actor=actor)

        async def write(connection: AsyncConnection) -> None:
            await _list_hearing(connection, hearing_id, founding)
            await write_events(connection, stored)

        await self._database.write(write)
        return stored

    async def hearings(self) -> tuple[HearingSummary, ...]:
        """Newest schedule first."""
        listed = tables.hearings.c
        async with self._database.reading() as connection:
            rows = await connection.execute(_SUMMARIES.order_by(listed.scheduled_at.desc(), listed.id))
            return tuple(_summary(row) for row in rows.mappings())

    async def hearing(self, hearing_id: HearingId) -> HearingSummary:
        """Raises NotFound."""
        if not may_be_id(hearing_id):
            raise NotFound
        async with self._database.reading() as connection:
            row = (await connection.execute(_SUMMARIES.where(tables.hearings.c.id == hearing_id))).mappings().first()
        if row is None:
            raise NotFound
        return _summary(row)

    async def _read_cases(
        self, files: Select[tuple[object, ...]], people: Select[tuple[object, ...]]
    ) -> tuple[Case, ...]:
        by_case: defaultdict[str, list[PersonEntry]] = defaultdict(list)
        async with self._database.reading() as connection:
            rows = (await connection.execute(files)).mappings().all()
            # After the files: on PostgreSQL a case that is added in between is not half seen.
            for person in await connection.execute(people.order_by(tables.case_people.c.place)):
                ties = Ties.model_validate_json(person.ties) if person.ties else Ties()
                by_case[person.case_id].append(PersonEntry(role=Role(person.role), name=person.name, ties=ties))
        return tuple(Case.model_validate({**row, "people": by_case[row["id"]]}) for row in rows)


_SUMMARIES = select(
    tables.hearings.c.id,
    tables.hearings.c.case_id,
    tables.cases.c.case_number,
    tables.cases.c.cause,
    tables.hearings.c.scheduled_at,
    tables.hearings.c.session,
).join_from(tables.hearings, tables.cases)


def _founding_event(
    case: Case, scheduled_at: datetime, check_in: CheckInKind, retention: RetentionClass
) -> HearingScheduled:
    return HearingScheduled(
        case_id=case.id,
        case_number=case.case_number,
        cause=case.cause,
        scheduled_at=scheduled_at.astimezone(UTC),
        is_public=case.is_public,
        check_in=check_in,
        retention=retention,
        people=_seats(case),
    )


def _seats(case: Case) -> tuple[Participant, ...]:
    ids = [ParticipantId(new_id("p", 5)) for _ in case.people]
    return tuple(
        Participant(
            id=ids[place],
            role=person.role,
            name=person.name,
            side=person.ties.side,
            linked_to=None if person.ties.linked_to is None else ids[person.ties.linked_to],
            screened_from=tuple(ids[other] for other in person.ties.screened_from),
        )
        for place, person in enumerate(case.people)
    )


async def _list_hearing(connection: AsyncConnection, hearing_id: HearingId, founding: HearingScheduled) -> None:
    row = {
        "id": hearing_id,
        "case_id": founding.case_id,
        "scheduled_at": founding.scheduled_at,
        "session": SessionState.SCHEDULED.value,
    }
    try:
        await connection.execute(insert(tables.hearings), row)
    except IntegrityError as no_such_case:
        raise NotFound from no_such_case
    seats = [
        {"hearing_id": hearing_id, "id": person.id, "role": person.role.value, "name": person.name}
        for person in founding.people
    ]
    await connection.execute(insert(tables.participants), seats)


def _summary(row: RowMapping) -> HearingSummary:
    return HearingSummary.model_validate(dict(row))
