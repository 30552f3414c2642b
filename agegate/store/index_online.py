"""Indexes of tables that are in use: built and dropped while others go on writing.

PostgreSQL does that outside any transaction, and leaves a useless index where it was interrupted: that one is built
anew, so a step may be run again. On SQLite a step stays one transaction, and writers wait for it. Only steps call this.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

UNFINISHED = sa.text("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(:name) AND NOT indisvalid")


def is_online() -> bool:
    """Whether what a step did before an index was built stays, so that the step may find it done already."""
    return op.get_bind().dialect.name != "sqlite"


def build_index(name: str, table: str, columns: Sequence[str], where: str | None = None) -> None:
    """Builds an index; on PostgreSQL what the step did until now is committed before."""
    only = None if where is None else sa.text(where)
    if not is_online():
        op.create_index(name, table, list(columns), sqlite_where=only)
        return
    with _while_others_write():
        if op.get_bind().execute(UNFINISHED, {"name": name}).scalar():
            op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)
        op.create_index(
            name, table, list(columns), postgresql_where=only, postgresql_concurrently=True, if_not_exists=True
        )


def drop_index(name: str, table: str) -> None:
    """Drops an index; on PostgreSQL what the step did until now is committed before."""
    if not is_online():
        op.drop_index(name, table)
        return
    with _while_others_write():
        op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)


@contextmanager
def _while_others_write() -> Iterator[None]:
    """No transaction, and no limit on waiting: who builds waits for transactions that began before, nobody for it."""
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        try:
            yield
        finally:
            op.execute("RESET lock_timeout")
