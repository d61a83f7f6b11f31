"""The record room: an index to search, numbered downloads with their reasons, and how much went out."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_APPEND_ONLY = ("downloads", "access_served")

# An event's body begins with its kind, always written alike.
_INDEX = """
INSERT INTO record_index (hearing_id, opened_at, ended_at, faults, film, is_sealed)
SELECT
    events.hearing_id,
    MIN(CASE WHEN body LIKE '{"kind":"hearing_opened"%' THEN events.at END),
    MAX(CASE WHEN body LIKE '{"kind":"hearing_closed"%' OR body LIKE '{"kind":"hearing_adjourned"%'
        OR body LIKE '{"kind":"hearing_converted_offline"%' THEN events.at END),
    SUM(CASE WHEN body LIKE '{"kind":"hearing_suspended"%' OR body LIKE '{"kind":"recording_interrupted"%'
        THEN 1 ELSE 0 END),
    'none',
    FALSE
FROM events
GROUP BY events.hearing_id
HAVING SUM(CASE WHEN body LIKE '{"kind":"hearing_opened"%' THEN 1 ELSE 0 END) > 0
"""


def upgrade() -> None:
    op.add_column("access_entries", sa.Column("download_id", sa.Text()))
    _create_index()
    _create_downloads()
    _create_served()
    _index_what_is_there()
    _forbid_changes()


def _create_index() -> None:
    op.create_table(
        "record_index",
        sa.Column("hearing_id", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("film", sa.Text(), nullable=False),
        sa.Column("is_sealed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("hearing_id", name="pk_record_index"),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name="fk_record_index_hearing_id"),
    )
    op.create_index("ix_record_index_opened_at", "record_index", ["opened_at", "hearing_id"])


def _create_downloads() -> None:
    op.create_table(
        "downloads",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hearing_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("who", "name", "subject", "file", "purpose", "reason")
        ),
        sa.Column("is_marked", sa.Boolean(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_downloads"),
        sa.UniqueConstraint("hearing_id", "number", name="uq_downloads_number"),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearings.id"], name="fk_downloads_hearing_id"),
    )


def _create_served() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "access_served",
        sa.Column("id", number, nullable=False),
        sa.Column("entry_id", number, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_served"),
        sa.ForeignKeyConstraint(["entry_id"], ["access_entries.id"], name="fk_access_served_entry_id"),
    )
    op.create_index("ix_access_served_entry_id", "access_served", ["entry_id"])


def _index_what_is_there() -> None:
    """From the logs of the hearings that were opened before; what the files say is looked up at the next start."""
    op.execute(_INDEX)


def _forbid_changes() -> None:
    for table in _APPEND_ONLY:
        if op.get_bind().dialect.name == "sqlite":
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
