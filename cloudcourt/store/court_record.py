"""The event log in SQL."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from cloudcourt.domain.errors import AlreadyExists, NotFound, SequenceConflict
from cloudcourt.domain.events import EVENT, Event, StoredEvent
from cloudcourt.domain.hearing import ENDED, SessionState
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.seating import PersonSeated
from cloudcourt.store import tables
from cloudcourt.store.database import Database
from cloudcourt.store.record_index import index_events


class SqlCourtRecord:
    """A `CourtRecord`. One row per event; the body is the event's JSON as it was first written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(
        self,
        hearing_id: HearingId,
        expected_seq: int,
        events: Sequence[Event],
        *,
        at: datetime,
        actor: str,
        command_id: str | None = None,
    ) -> tuple[StoredEvent, ...]:
        """Store events as `expected_seq + 1` and on, all or none.

        Raises SequenceConflict, NotFound for an unknown hearing, and AlreadyExists when this actor's
        `command_id` has been stored before.
        """
        if not events:
            return ()
        stored = number(hearing_id, expected_seq, events, at=at, actor=actor, command_id=command_id)

        async def write(connection: AsyncConnection) -> None:
            last_seq = await lock_log(connection, hearing_id)
            if last_seq != expected_seq:
                raise SequenceConflict(expected_seq, last_seq)
            try:
                await write_events(connection, stored)
            except IntegrityError as clash:
                # The log is ours until the commit, so its numbers are free: only the command can clash.
                raise AlreadyExists("command") from clash

        await self._database.write(write)
        return stored

    async def since(self, hearing_id: HearingId, seq: int) -> tuple[StoredEvent, ...]:
        """All events after number `seq`, in order; none for an unknown hearing."""
        log = tables.events.c
        asked = select(tables.events).where(log.hearing_id == hearing_id, log.seq > seq).order_by(log.seq)
        async with self._database.reading() as connection:
            rows = (await connection.execute(asked)).mappings().all()
        return tuple(_stored_event(row) for row in rows)

    async def unfinished(self) -> tuple[HearingId, ...]:
        """Hearings whose session has not ended, in order of schedule."""
        listed = tables.hearings.c
        asked = (
            select(listed.id)
            .where(listed.session.not_in(sorted(state.value for state in ENDED)))
            .order_by(listed.scheduled_at, listed.id)
        )
        async with self._database.reading() as connection:
            return tuple(HearingId(id_) for id_ in (await connection.scalars(asked)).all())

    async def note_session(self, hearing_id: HearingId, session: SessionState) -> None:
        """Refresh the list's copy of the session state. Raises NotFound."""
        change = update(tables.hearings).where(tables.hearings.c.id == hearing_id).values(session=session.value)

        async def write(connection: AsyncConnection) -> None:
            if (await connection.execute(change)).rowcount == 0:
                raise NotFound

        await self._database.write(write)


def number(
    hearing_id: HearingId,
    last_seq: int,
    events: Sequence[Event],
    *,
    at: datetime,
    actor: str,
    command_id: str | None = None,
) -> tuple[StoredEvent, ...]:
    """The events as they will be stored after number `last_seq`."""
    return tuple(
        StoredEvent(
            hearing_id=hearing_id,
            seq=seq,
            at=at.astimezone(UTC),
            actor=actor,
            command_id=command_id,
            event=event,
        )
        for seq, event in enumerate(events, start=last_seq + 1)
    )


async def write_events(connection: AsyncConnection, stored: Sequence[StoredEvent]) -> None:
    """Insert the events of one command. Raises IntegrityError when a number or the command is taken."""
    rows = [
        {
            "hearing_id": entry.hearing_id,
            "seq": entry.seq,
            "at": entry.at,
            "actor": entry.actor,
            "command_id": entry.command_id,
            "command_part": part,
            "body": EVENT.dump_json(entry.event).decode(),
        }
        for part, entry in enumerate(stored)
    ]
    await connection.execute(insert(tables.events), rows)
    for entry in stored:
        if isinstance(entry.event, PersonSeated):
            await _list_person(connection, entry.hearing_id, entry.event)
    await index_events(connection, stored)


async def _list_person(connection: AsyncConnection, hearing_id: HearingId, seated: PersonSeated) -> None:
    """Whoever is seated later stands among the people too: join links hang on them, and records are found by name."""
    person, people = seated.person, tables.participants.c
    row = {"hearing_id": hearing_id, "id": _kept(person.id), "role": person.role.value, "name": _kept(person.name)}
    known = select(people.id).where(people.hearing_id == hearing_id, people.id == row["id"])
    if (await connection.execute(known)).first() is None:
        await connection.execute(insert(tables.participants), row)


def _kept(text: str) -> str:
    """PostgreSQL keeps no NUL in a text; nobody's name holds one."""
    return text.replace("\x00", "")


async def lock_log(connection: AsyncConnection, hearing_id: HearingId) -> int:
    """Keep other writers off this hearing's log until the transaction ends; its last number."""
    # PostgreSQL locks the hearing's row; on SQLite, which has no FOR UPDATE, the transaction holds the only pen.
    held = select(tables.hearings.c.id).where(tables.hearings.c.id == hearing_id).with_for_update()
    if (await connection.execute(held)).first() is None:
        raise NotFound
    last = select(func.max(tables.events.c.seq)).where(tables.events.c.hearing_id == hearing_id)
    return await connection.scalar(last) or 0


def _stored_event(row: RowMapping) -> StoredEvent:
    return StoredEvent(
        hearing_id=row["hearing_id"],
        seq=row["seq"],
        at=row["at"],
        actor=row["actor"],
        command_id=row["command_id"],
        event=EVENT.validate_json(row["body"]),
    )
