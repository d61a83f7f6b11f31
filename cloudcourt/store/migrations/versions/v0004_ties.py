"""Whose side a case's people are on, who moves with whom, and who must never meet."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("case_people", sa.Column("ties", sa.Text(), nullable=True))
