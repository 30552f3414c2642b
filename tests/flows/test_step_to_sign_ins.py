"""The step to guardians' sign-ins, forward and back on filled tables: questions stay what they were."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine, inspect

from agegate.store.engine import open_engine
from agegate.store.migrate import alembic_config
from tests.flows.test_step_to_deciding_again import NOW, REQUEST, SUBJECT, all_of, put

STEP, BEFORE = "0005", "0004"


@pytest.fixture
def before(database_url: str) -> Iterator[Engine]:
    """A filled database at the step before."""
    engine = open_engine(database_url)
    command.upgrade(alembic_config(engine), "head")
    command.downgrade(alembic_config(engine), BEFORE)
    put(engine, "services", {"name": "game", "profile": "deepseek", "created_at": NOW})
    waiting = {"id": "a", "subject": "a", "state": "consent_required", "grown": False, "stuck": False}
    put(engine, "subjects", SUBJECT | waiting)
    asked = {"id": "r", "subject_id": "a", "state": "pending", "link_digest": "l", "manage_digest": "m"}
    put(engine, "consent_requests", REQUEST | asked)
    yield engine
    engine.dispose()


def test_questions_of_before_stay_and_nobody_vouched_for_them(before: Engine) -> None:
    command.upgrade(alembic_config(before), STEP)
    assert all_of(before, "SELECT method_by FROM consent_requests") == [None]


def test_a_sign_in_goes_with_its_question(before: Engine) -> None:
    command.upgrade(alembic_config(before), STEP)
    put(before, "sign_ins", {"id": "s", "request_id": "r", "provider": "id", "browser_digest": "d", "expires_at": NOW})
    with before.begin() as connection:
        connection.exec_driver_sql("DELETE FROM consent_requests WHERE id = 'r'")
    assert all_of(before, "SELECT id FROM sign_ins") == []


def test_the_step_leads_back(before: Engine) -> None:
    command.upgrade(alembic_config(before), STEP)
    command.downgrade(alembic_config(before), BEFORE)
    assert "sign_ins" not in inspect(before).get_table_names()
    assert all_of(before, "SELECT id FROM consent_requests") == ["r"]
