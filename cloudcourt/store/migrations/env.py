"""Run by Alembic on the connection and in the transaction that `cloudcourt.store.migrate` holds."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import Script

from cloudcourt.store.tables import metadata

_on_step: Callable[[str], None] | None = context.config.attributes["on_step"]


def _tell_step(ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]) -> None:
    if _on_step is not None and isinstance(step.up_revision, Script):
        _on_step(step.up_revision.doc)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # Also on SQLite, where Alembic can't know that our transactions really begin.
    transactional_ddl=True,
    on_version_apply=_tell_step,
)
context.run_migrations()
