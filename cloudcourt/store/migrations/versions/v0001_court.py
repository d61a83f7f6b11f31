"""Cases, hearings, the event log, join links, staff and the access log.

There is no way back from here: a court's record isn't dropped by a downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_APPEND_ONLY = ("events", "access_entries")


def upgrade() -> None:
    _create_cases_and_hearings()
    _create_logs()
    _create_links()
    _create_staff()
    if op.get_bind().dialect.name == "sqlite":
        _forbid_changes_sqlite()
    else:
        _forbid_changes_postgresql()


def _create_cases_and_hearings() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("case_number", name="uq_cases_case_number"),
    )
    op.create_table(
        "case_people",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "place", name="pk_case_people"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_people_case_id"),
    )
    op.create_table(
        "hearings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hearings"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_hearings_case_id"),
    )
    op.create_table(
        "participants",
        sa.Column("hearing_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hearing_id", "id", name="pk_participants"),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name="fk_participants_hearing_id"),
    )


def _create_logs() -> None:
    op.create_table(
        "events",
        sa.Column("hearing_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("command_id", sa.Text()),
        sa.Column("command_part", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hearing_id", "seq", name="pk_events"),
        sa.UniqueConstraint("hearing_id", "actor", "command_id", "command_part", name="uq_events_command"),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name="fk_events_hearing_id"),
    )
    op.create_table(
        "access_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hearing_id", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("range_from", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_entries"),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name="fk_access_entries_hearing_id"),
    )
    op.create_index("ix_access_entries_hearing_id", "access_entries", ["hearing_id"])


def _create_links() -> None:
    op.create_table(
        "join_links",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("hearing_id", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("token_hash", name="pk_join_links"),
        sa.ForeignKeyConstraint(
            ["hearing_id", "participant_id"],
            ["participants.hearing_id", "participants.id"],
            name="fk_join_links_hearing_id_participant_id",
        ),
    )
    op.create_index("ix_join_links_person", "join_links", ["hearing_id", "participant_id"])
    op.create_table(
        "seat_tokens",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("link_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_seat_tokens"),
        sa.ForeignKeyConstraint(["link_hash"], ["join_links.token_hash"], name="fk_seat_tokens_link_hash"),
    )
    op.create_index("ix_seat_tokens_expires_at", "seat_tokens", ["expires_at"])


def _create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("user_name_key", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("user_name_key", name="uq_staff_user_name_key"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_sessions"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_sessions_staff_id"),
    )
    op.create_index("ix_staff_sessions_expires_at", "staff_sessions", ["expires_at"])


def _forbid_changes_sqlite() -> None:
    for table in _APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _forbid_changes_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
    )
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
