"""The database's tables: plain data, the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)


class UtcTime(TypeDecorator[datetime]):
    """Aware times only: stored in UTC, handed out in UTC. SQLite keeps sortable text, PostgreSQL timestamptz."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_number", Text, nullable=False, unique=True),
    Column("cause", Text, nullable=False),
    Column("is_public", Boolean, nullable=False, server_default=false()),
    Column("created_at", UtcTime, nullable=False),
)

case_people = Table(
    "case_people",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("ties", Text),
)

hearings = Table(
    "hearings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("scheduled_at", UtcTime, nullable=False),
    # The list's copy: the log is the truth.
    Column("session", Text, nullable=False),
)

participants = Table(
    "participants",
    metadata,
    Column("hearing_id", Text, ForeignKey("hearings.id"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("hearing_id", Text, ForeignKey("hearings.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("command_id", Text),
    # Which of its command's events this is, from 0: lets one command cause several and yet be stored once.
    Column("command_part", Integer, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("hearing_id", "actor", "command_id", "command_part", name="uq_events_command"),
)

join_links = Table(
    "join_links",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("hearing_id", Text, nullable=False),
    Column("participant_id", Text, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    ForeignKeyConstraint(["hearing_id", "participant_id"], ["participants.hearing_id", "participants.id"]),
    Index("ix_join_links_person", "hearing_id", "participant_id"),
)

seat_tokens = Table(
    "seat_tokens",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("link_hash", Text, ForeignKey("join_links.token_hash"), nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user_name", Text, nullable=False),
    # The name folded for comparison: "Clerk" and "clerk" are one person.
    Column("user_name_key", Text, nullable=False, unique=True),
    Column("display_name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

access_entries = Table(
    "access_entries",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("hearing_id", Text, ForeignKey("hearings.id"), nullable=False, index=True),
    Column("who", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("range_from", BigInteger, nullable=False),
    # What was taken away, in `downloads`; none where the record was played.
    Column("download_id", Text),
)
