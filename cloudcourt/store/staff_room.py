"""Staff accounts and their sessions in SQL."""

import unicodedata
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import RowMapping, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from cloudcourt.domain.case import PersonName
from cloudcourt.domain.errors import AlreadyExists, InvalidInput, NotSignedIn, WrongCredentials
from cloudcourt.domain.ids import StaffId
from cloudcourt.domain.ports import StaffMember
from cloudcourt.store import tables
from cloudcourt.store.database import Database
from cloudcourt.store.passwords import Passwords
from cloudcourt.store.short_ids import new_id
from cloudcourt.store.throttle import SignInThrottle
from cloudcourt.store.tokens import new_token, token_hash

SESSION_LIFE = timedelta(hours=12)
SHORTEST_PASSWORD = 10
"""Characters."""

_NAME: TypeAdapter[str] = TypeAdapter(PersonName)


class SqlStaffRoom:
    """A `StaffRoom`. User names are compared folded: case and width make no difference."""

    def __init__(self, database: Database, passwords: Passwords, throttle: SignInThrottle) -> None:
        self._database = database
        self._passwords = passwords
        self._throttle = throttle

    async def add(self, user_name: str, display_name: str, password: str, *, at: datetime) -> StaffMember:
        """Raises AlreadyExists, InvalidInput (short password, name that is no name)."""
        if len(password) < SHORTEST_PASSWORD:
            raise InvalidInput("password", f"at least {SHORTEST_PASSWORD} characters")
        member = StaffMember(
            id=StaffId(new_id("s")),
            user_name=_name(user_name, "user_name"),
            display_name=_name(display_name, "display_name"),
        )
        row = {
            **member.model_dump(),
            "user_name_key": _folded(member.user_name),
            "password_hash": await self._passwords.hash(password),
            "created_at": at,
        }

        async def write(connection: AsyncConnection) -> None:
            try:
                await connection.execute(insert(tables.staff), row)
            except IntegrityError as clash:
                raise AlreadyExists(member.user_name) from clash

        await self._database.write(write)
        return member

    async def sign_in(self, user_name: str, password: str, *, now: datetime) -> tuple[str, StaffMember]:
        """A new session token, good for 12 h.

        Raises WrongCredentials, after the same work for unknown names; TooFast.
        """
        key = _folded(user_name)
        self._throttle.admit(key, now)
        row = await self._account(key)
        is_right = await self._passwords.match(password, None if row is None else row["password_hash"])
        if row is None or not is_right:
            raise WrongCredentials
        self._throttle.forgive(key)
        return await self._open_session(row["id"], now), _member(row)

    async def verify(self, session_token: str, *, now: datetime) -> StaffMember:
        """Raises NotSignedIn."""
        sessions = tables.staff_sessions.c
        asked = (
            select(tables.staff)
            .join(tables.staff_sessions)
            .where(sessions.token_hash == token_hash(session_token), sessions.expires_at > now)
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(asked)).mappings().first()
        if row is None:
            raise NotSignedIn
        return _member(row)

    async def sign_out(self, session_token: str) -> None:
        """Idempotent."""
        sessions = tables.staff_sessions
        ended = delete(sessions).where(sessions.c.token_hash == token_hash(session_token))
        await self._database.write(lambda connection: connection.execute(ended))

    async def _account(self, key: str) -> RowMapping | None:
        async with self._database.reading() as connection:
            asked = select(tables.staff).where(tables.staff.c.user_name_key == key)
            return (await connection.execute(asked)).mappings().first()

    async def _open_session(self, staff_id: StaffId, now: datetime) -> str:
        token, sessions = new_token(), tables.staff_sessions

        async def write(connection: AsyncConnection) -> None:
            await connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
            session = {
                "token_hash": token_hash(token),
                "staff_id": staff_id,
                "expires_at": now + SESSION_LIFE,
            }
            await connection.execute(insert(sessions), session)

        await self._database.write(write)
        return token


def _name(text: str, where: str) -> str:
    try:
        return _NAME.validate_python(text)
    except ValidationError as refusal:
        raise InvalidInput(where, refusal.errors()[0]["msg"]) from refusal


def _folded(user_name: str) -> str:
    """What two spellings of one user name have in common; empty, and nobody's, for what can't be a name."""
    try:
        return unicodedata.normalize("NFKC", _NAME.validate_python(user_name)).casefold()
    except ValidationError:
        return ""


def _member(row: RowMapping) -> StaffMember:
    return StaffMember(id=row["id"], user_name=row["user_name"], display_name=row["display_name"])
