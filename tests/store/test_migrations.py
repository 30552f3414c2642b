"""The steps of the schema lead to exactly what the models say, and back."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, UniqueConstraint, inspect
from sqlmodel import SQLModel

from agegate.environment import CannotStart
from agegate.store.migrate import alembic_config, migrate
from agegate.store.schema import require_current


def test_the_steps_lead_to_what_the_models_say(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_steps_lead_back_to_nothing_and_up_again(engine: Engine) -> None:
    migrate(engine)
    full = set(inspect(engine).get_table_names())
    command.downgrade(alembic_config(engine), "base")
    empty = set(inspect(engine).get_table_names())
    migrate(engine)
    assert (empty, set(inspect(engine).get_table_names())) == ({"alembic_version"}, full)


def test_migrating_twice_is_the_same_as_once(engine: Engine) -> None:
    migrate(engine)
    migrate(engine)
    require_current(engine)


def test_an_older_schema_is_refused_with_what_to_do(engine: Engine) -> None:
    migrate(engine)
    command.downgrade(alembic_config(engine), "base")
    with pytest.raises(CannotStart, match="agegate migrate"):
        require_current(engine)


def test_no_index_begins_another_one_of_its_table() -> None:
    twice = []
    for table in SQLModel.metadata.sorted_tables:
        unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
        whole = [each for each in table.indexes if each.dialect_options["postgresql"]["where"] is None]
        every = [each.columns.keys() for each in unique] + [each.columns.keys() for each in whole]
        twice += [(table.name, one) for one in every for other in every if one != other and other[: len(one)] == one]
    assert twice == []
