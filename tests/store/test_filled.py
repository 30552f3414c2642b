"""A row in every table lives through every step, forth and back, with all of its values that have a column there."""

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData

from agegate.store.migrate import alembic_config
from tests.store.test_rolling import STEPS, sample, schema

Rows = dict[str, dict[str, object]]
WORKED_OUT = {("signing_keys", "state")}
"""What the way back works out anew, from the times of the keys."""


def fill(engine: Engine, known: MetaData) -> None:
    """One row in each table that has none."""
    with engine.begin() as connection:
        for table in known.sorted_tables:
            if connection.execute(table.select()).first() is None:
                connection.execute(table.insert(), {column.name: sample(column) for column in table.columns})


def rows(engine: Engine, known: MetaData) -> Rows:
    """A row of each table, by column."""
    with engine.connect() as connection:
        found = {table.name: connection.execute(table.select()).mappings().first() for table in known.sorted_tables}
    return {name: dict(row) for name, row in found.items() if row is not None}


def lost(before: Rows, after: Rows) -> list[tuple[str, str]]:
    """What was there and is not, or is another, in a column that both have."""
    gone = [(name, "*") for name in before if name not in after]
    both = [(name, column) for name in before.keys() & after.keys() for column in before[name].keys() & after[name]]
    changed = [(name, column) for name, column in both if before[name][column] != after[name][column]]
    return [each for each in gone + changed if each not in WORKED_OUT]


@pytest.mark.parametrize("step", [each.revision for each in STEPS[:-1]])
def test_a_row_in_every_table_lives_through_the_steps_that_follow_and_back(engine: Engine, step: str) -> None:
    here = schema(engine, step)
    fill(engine, here)
    before = rows(engine, here)
    newest = schema(engine, STEPS[-1].revision)
    fill(engine, newest)
    up = rows(engine, newest)
    command.downgrade(alembic_config(engine), step)
    assert (lost(before, up), lost(before, rows(engine, here))) == ([], [])
