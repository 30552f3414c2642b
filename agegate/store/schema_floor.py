"""Which code a schema serves: the rule that lets two versions of the program run side by side on the newer's schema.

A step that only adds says `additive = True`, and code from before it goes on working. Any other step raises the floor
to itself: older code must not start on it. The floor is kept in the database, since older code does not know the step.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, inspect, select, update

from agegate.store.schema_tables import SchemaFloorRow
from agegate.store.transaction import table_of

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, MigrationInfo
    from alembic.script import ScriptDirectory

FLOOR = table_of(SchemaFloorRow)
ONE = "schema"


def oldest_code(scripts: "ScriptDirectory", revision: str) -> str:
    """The last step up to that one which did more than add."""
    steps = scripts.walk_revisions("base", revision)
    return next(step.revision for step in steps if not getattr(step.module, "additive", False))


def floor_of(connection: Connection) -> str | None:
    """The floor as the database knows it; None on a schema from before there was one."""
    if not inspect(connection).has_table(FLOOR.name):
        return None
    return connection.execute(select(FLOOR.c.oldest_code)).scalar()


def note_floor(ctx: "MigrationContext", step: "MigrationInfo", heads: Iterable[str], run_args: object) -> None:
    """Called by Alembic in the transaction of each step, forth and back."""
    del heads, run_args
    connection, reached = ctx.connection, step.destination_revision_ids
    if connection is None or not reached or not inspect(connection).has_table(FLOOR.name):
        return
    floor = oldest_code(ctx.opts["script"], reached[0])
    if connection.execute(update(FLOOR).values(oldest_code=floor)).rowcount == 0:
        connection.execute(insert(FLOOR).values(name=ONE, oldest_code=floor))
