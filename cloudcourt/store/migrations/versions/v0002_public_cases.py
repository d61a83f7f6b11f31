"""Whether a case is heard in public. Nobody was asked of the cases before: they are not."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("cases", sa.Column("is_public", sa.Boolean(), nullable=False, server_default=sa.false()))
