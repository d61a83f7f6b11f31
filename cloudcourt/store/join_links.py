"""Join links and seat tokens in SQL."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cloudcourt.domain.case import SeatTicket
from cloudcourt.domain.errors import LinkNotValid, NoSuchPerson
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.roles import Role
from cloudcourt.store import tables
from cloudcourt.store.database import Database
from cloudcourt.store.short_ids import may_be_id
from cloudcourt.store.tokens import new_token, token_hash

SEAT_TOKEN_LIFE = timedelta(hours=24)


class SqlJoinLinks:
    """A `JoinLinks`.

    A seat token hangs on its link: it is checked together with it, so ending a link can't miss one that is
    being made at the same moment.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def issue(self, hearing_id: HearingId, participant_id: ParticipantId, *, expires_at: datetime) -> str:
        """A new link token; the person's earlier links and seat tokens end. Raises NoSuchPerson."""
        token = new_token()

        async def write(connection: AsyncConnection) -> None:
            await _end_links(connection, hearing_id, participant_id)
            link = {
                "token_hash": token_hash(token),
                "hearing_id": hearing_id,
                "participant_id": participant_id,
                "expires_at": expires_at,
            }
            await connection.execute(insert(tables.join_links), link)

        await self._database.write(write)
        return token

    async def exchange(self, link_token: str, *, now: datetime) -> tuple[str, SeatTicket]:
        """Trade a link token for a new seat token that lives as long as the link, at most 24 h.

        Raises LinkNotValid (unknown, expired or revoked alike).
        """
        link_hash, seat_token = token_hash(link_token), new_token()

        async def write(connection: AsyncConnection) -> RowMapping:
            link = await _valid_link(connection, tables.join_links.c.token_hash == link_hash, now)
            if link is None:
                raise LinkNotValid
            await connection.execute(delete(tables.seat_tokens).where(tables.seat_tokens.c.expires_at <= now))
            seat = {
                "token_hash": token_hash(seat_token),
                "link_hash": link_hash,
                "expires_at": min(link["expires_at"], now + SEAT_TOKEN_LIFE),
            }
            await connection.execute(insert(tables.seat_tokens), seat)
            return link

        return seat_token, _ticket(await self._database.write(write))

    async def forget_ended(self, before: datetime, spared: frozenset[HearingId], *, dry_run: bool) -> int:
        """Remove links that expired or were revoked before that time, and their tokens; how many."""
        links = tables.join_links.c
        ended = and_(or_(links.expires_at < before, links.revoked_at < before), links.hearing_id.not_in(sorted(spared)))
        if dry_run:
            async with self._database.reading() as connection:
                counted = select(func.count()).select_from(tables.join_links).where(ended)
                return int(await connection.scalar(counted) or 0)

        async def write(connection: AsyncConnection) -> int:
            hashes = select(links.token_hash).where(ended)
            await connection.execute(delete(tables.seat_tokens).where(tables.seat_tokens.c.link_hash.in_(hashes)))
            return (await connection.execute(delete(tables.join_links).where(ended))).rowcount

        return await self._database.write(write)

    async def verify(self, token: str, *, now: datetime) -> SeatTicket:
        """Who a seat token (or a link token) stands for. Raises LinkNotValid."""
        asked_hash = token_hash(token)
        of_seat = select(tables.seat_tokens.c.link_hash).where(
            tables.seat_tokens.c.token_hash == asked_hash, tables.seat_tokens.c.expires_at > now
        )
        links = tables.join_links.c
        async with self._database.reading() as connection:
            link = await _valid_link(connection, (links.token_hash == asked_hash) | links.token_hash.in_(of_seat), now)
        if link is None:
            raise LinkNotValid
        return _ticket(link)

    async def revoke(self, hearing_id: HearingId, participant_id: ParticipantId) -> None:
        """End every link and seat token of that person in that hearing. Raises NoSuchPerson."""
        await self._database.write(lambda connection: _end_links(connection, hearing_id, participant_id))


async def _end_links(connection: AsyncConnection, hearing_id: HearingId, participant_id: ParticipantId) -> None:
    if not (may_be_id(hearing_id) and may_be_id(participant_id)):
        raise NoSuchPerson
    people, links = tables.participants.c, tables.join_links.c
    # Locked, so that of two links issued at once only the later one lives.
    person = select(people.id).where(people.hearing_id == hearing_id, people.id == participant_id).with_for_update()
    if (await connection.execute(person)).first() is None:
        raise NoSuchPerson
    await connection.execute(
        update(tables.join_links)
        .where(links.hearing_id == hearing_id, links.participant_id == participant_id, links.revoked_at.is_(None))
        # For the reader of the table only: what counts is that a link has ended, not when.
        .values(revoked_at=datetime.now(UTC))
    )


async def _valid_link(connection: AsyncConnection, which: ColumnElement[bool], now: datetime) -> RowMapping | None:
    """The link, if it is alive, with its person: one question, whatever may be wrong with the token."""
    links, people = tables.join_links.c, tables.participants.c
    asked = (
        select(links.hearing_id, links.participant_id, links.expires_at, people.role, people.name)
        .join_from(
            tables.join_links,
            tables.participants,
            and_(people.hearing_id == links.hearing_id, people.id == links.participant_id),
        )
        .where(which, links.expires_at > now, links.revoked_at.is_(None))
    )
    return (await connection.execute(asked)).mappings().first()


def _ticket(link: RowMapping) -> SeatTicket:
    return SeatTicket(
        hearing_id=link["hearing_id"],
        participant_id=link["participant_id"],
        role=Role(link["role"]),
        name=link["name"],
    )
