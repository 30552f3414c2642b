"""The step to reports, forward and back on filled tables: what a service was told of before stays."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine, inspect

from agegate.store.engine import open_engine
from agegate.store.migrate import alembic_config
from tests.flows.test_step_to_deciding_again import NOW, all_of, put

STEP, BEFORE = "0011", "0010"
EVENT = {"seq": 1, "id": "e", "service": "game", "type": "age.changed", "occurred_at": NOW}


@pytest.fixture
def before(database_url: str) -> Iterator[Engine]:
    """A filled database at the step before."""
    engine = open_engine(database_url)
    command.upgrade(alembic_config(engine), "head")
    command.downgrade(alembic_config(engine), BEFORE)
    put(engine, "services", {"name": "game", "profile": "deepseek", "created_at": NOW})
    put(engine, "events", EVENT)
    yield engine
    engine.dispose()


def test_events_of_before_stay_and_name_no_report(before: Engine) -> None:
    command.upgrade(alembic_config(before), STEP)
    assert all_of(before, "SELECT report_id FROM events") == [None]


def test_the_step_leads_back_from_a_filled_table(before: Engine) -> None:
    command.upgrade(alembic_config(before), STEP)
    case = {"id": "r", "service": "game", "basis": "other", "state": "received", "restricts": False, "flags": "[]"}
    put(before, "reports", case | {"created_at": NOW, "stated_at": NOW})
    command.downgrade(alembic_config(before), BEFORE)
    assert "reports" not in inspect(before).get_table_names()
    assert all_of(before, "SELECT id FROM events") == ["e"]
