"""Two versions of the program on one schema: a step that says it only adds does, and older code is told the truth."""

from datetime import UTC, date, datetime

import pytest
from alembic import command
from alembic.script import Script, ScriptDirectory
from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Engine, Integer, MetaData, Table, inspect, text

from agegate.environment import CannotStart
from agegate.store.migrate import alembic_config, migrate
from agegate.store.schema import SCRIPTS, is_current, require_current
from agegate.store.schema_floor import floor_of, oldest_code

DIRECTORY = ScriptDirectory(str(SCRIPTS))
STEPS = list(DIRECTORY.walk_revisions())[::-1]
ADDITIVE = [step for step in STEPS if getattr(step.module, "additive", False)]
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def schema(engine: Engine, step: str) -> MetaData:
    """The tables as they are after that step, which is gone to."""
    (command.upgrade if _found(engine) < step else command.downgrade)(alembic_config(engine), step)
    found = MetaData()
    found.reflect(engine)
    found.remove(found.tables["alembic_version"])
    return found


def _found(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def rules_of(engine: Engine, table: str) -> set[str]:
    """What the database refuses in a table: what is told twice, and what names a row that is not there."""
    look = inspect(engine)
    unique = [sorted(found["column_names"]) for found in look.get_unique_constraints(table)]
    unique += [
        sorted(str(name) for name in found["column_names"]) for found in look.get_indexes(table) if found["unique"]
    ]
    named = [sorted(found["constrained_columns"]) for found in look.get_foreign_keys(table)]
    checked = [found["sqltext"] for found in look.get_check_constraints(table)]
    return {*map(str, unique), *(f"names {each}" for each in named), *checked}


def narrowed(before: Table, after: Table) -> list[str]:
    """The columns that a statement of before cannot use as it did."""
    gone = [column.name for column in before.columns if column.name not in after.columns]
    kept = [(column, after.columns[column.name]) for column in before.columns if column.name in after.columns]
    changed = [old.name for old, new in kept if str(old.type) != str(new.type) or (old.nullable and not new.nullable)]
    demanded = [
        new.name
        for new in after.columns
        if new.name not in before.columns and not new.nullable and new.server_default is None
    ]
    return gone + changed + demanded


@pytest.mark.parametrize("step", ADDITIVE, ids=lambda step: step.revision)
def test_a_step_that_says_it_only_adds_takes_nothing_away(engine: Engine, step: Script) -> None:
    before = schema(engine, str(step.down_revision))
    refused = {name: rules_of(engine, name) for name in before.tables}
    after = schema(engine, step.revision)
    assert set(before.tables) - set(after.tables) == set()
    assert {name: narrowed(table, after.tables[name]) for name, table in before.tables.items()} == {
        name: [] for name in before.tables
    }
    assert {name: rules_of(engine, name) - refused[name] for name in before.tables} == {
        name: set() for name in before.tables
    }


def test_statements_of_the_oldest_code_that_is_served_work_on_the_newest_schema(engine: Engine) -> None:
    head = str(DIRECTORY.get_current_head())
    old = schema(engine, oldest_code(DIRECTORY, head))
    schema(engine, head)
    with engine.begin() as connection:
        for table in old.sorted_tables:
            row = {column.name: sample(column) for column in table.columns}
            connection.execute(table.insert(), row)
            here = [column == sample(column) for column in table.primary_key.columns]
            assert connection.execute(table.update().where(*here).values(row)).rowcount == 1
    with engine.connect() as connection:
        assert {table.name: len(connection.execute(table.select()).all()) for table in old.sorted_tables} == {
            table.name: 2 if table.name == "rule_prints" else 1 for table in old.sorted_tables
        }


def sample(column: Column[object]) -> object:
    """A value that the column takes."""
    days: list[tuple[type, object]] = [(DateTime, NOW), (Date, date(2026, 11, 22))]
    kinds = [*days, (Boolean, False), (Integer, 1), (JSON, {})]
    return next((value for kind, value in kinds if isinstance(column.type, kind)), "x")


def newer(engine: Engine, floor: str) -> None:
    """A schema that a later version of the program made."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE schema_floor SET oldest_code = :floor"), {"floor": floor})


def test_a_newer_schema_that_only_added_serves_this_code_and_is_left_alone(engine: Engine) -> None:
    newer(engine, str(DIRECTORY.get_current_head()))
    require_current(engine)
    migrate(engine)
    assert _found(engine) == "9999"


@pytest.mark.parametrize("act", [require_current, migrate, is_current])
def test_a_newer_schema_that_did_more_is_refused(engine: Engine, act: object) -> None:
    newer(engine, "9999")
    assert callable(act)
    with pytest.raises(CannotStart, match="Install the version of agegate that made it"):
        act(engine)


def test_a_newer_schema_of_which_nobody_knows_the_floor_is_refused(engine: Engine) -> None:
    newer(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM schema_floor"))
    with pytest.raises(CannotStart, match="nobody knows"):
        require_current(engine)


def test_every_step_notes_the_floor_and_the_way_back_lowers_it(engine: Engine) -> None:
    seen = []
    for step in [each.revision for each in STEPS if each.revision >= "0006"]:
        schema(engine, step)
        with engine.connect() as connection:
            seen.append(floor_of(connection) == oldest_code(DIRECTORY, step))
    assert seen
    assert all(seen)
