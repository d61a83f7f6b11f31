"""The record room's tables, in the same metadata as the others."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from cloudcourt.store.tables import UtcTime, metadata

record_index = Table(
    "record_index",
    metadata,
    Column("hearing_id", Text, ForeignKey("hearings.id"), primary_key=True),
    Column("opened_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("faults", Integer, nullable=False),
    Column("film", Text, nullable=False),
    Column("is_sealed", Boolean, nullable=False),
    Index("ix_record_index_opened_at", "opened_at", "hearing_id"),
)

downloads = Table(
    "downloads",
    metadata,
    Column("id", Text, primary_key=True),
    Column("hearing_id", Text, ForeignKey("hearings.id"), nullable=False),
    # The court's copy number: 1, 2, 3 within a hearing.
    Column("number", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("is_marked", Boolean, nullable=False),
    Column("recipient", Text, nullable=False),
    UniqueConstraint("hearing_id", "number", name="uq_downloads_number"),
)

access_served = Table(
    "access_served",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("entry_id", BigInteger().with_variant(Integer, "sqlite"), ForeignKey("access_entries.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("is_complete", Boolean, nullable=False),
    Index("ix_access_served_entry_id", "entry_id"),
)
