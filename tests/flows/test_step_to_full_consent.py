"""The step to consent in full, forward and back on filled tables: questions and receipts stay what they were."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine

from agegate.store.engine import open_engine
from agegate.store.migrate import alembic_config
from tests.flows.test_step_to_deciding_again import NOW, REQUEST, SUBJECT, all_of, put

GRANTED = {"id": "r", "subject_id": "a", "state": "granted", "link_digest": "l", "manage_digest": "m"}
PENDING = {"id": "p", "subject_id": "a", "state": "pending", "link_digest": "k", "manage_digest": "n"}
RECEIPT = {"id": "e", "service": "game", "kind": "consent-receipt", "commitment": "c", "jws": "j", "issued_at": NOW}


@pytest.fixture
def third(database_url: str) -> Iterator[Engine]:
    """A database at the third step, filled."""
    engine = open_engine(database_url)
    command.upgrade(alembic_config(engine), "head")
    command.downgrade(alembic_config(engine), "0003")
    put(engine, "services", {"name": "game", "profile": "deepseek", "created_at": NOW})
    waiting = {"id": "a", "subject": "a", "state": "consented", "grown": False, "stuck": False}
    put(engine, "subjects", SUBJECT | waiting)
    put(engine, "consent_requests", REQUEST | GRANTED | {"receipt_id": "e"})
    put(engine, "consent_requests", REQUEST | PENDING | {"guardian_digest": "other"})
    put(engine, "evidence", RECEIPT)
    yield engine
    engine.dispose()


def test_a_receipt_of_before_names_its_request(third: Engine) -> None:
    command.upgrade(alembic_config(third), "0004")
    assert all_of(third, "SELECT request_id FROM evidence") == ["r"]


def test_questions_of_before_keep_their_state(third: Engine) -> None:
    command.upgrade(alembic_config(third), "0004")
    assert all_of(third, "SELECT state FROM consent_requests ORDER BY id") == ["pending", "granted"]


@pytest.mark.parametrize(
    ("newer", "older"),
    [("awaiting_confirmation", "pending"), ("aged_out", "withdrawn"), ("superseded", "superseded")],
)
def test_a_state_that_older_code_has_no_word_for_becomes_the_safe_one(third: Engine, newer: str, older: str) -> None:
    command.upgrade(alembic_config(third), "0004")
    row = PENDING | {"id": "x", "state": newer, "link_digest": "q", "manage_digest": "w", "guardian_digest": "third"}
    put(third, "consent_requests", REQUEST | row)
    command.downgrade(alembic_config(third), "0003")
    assert all_of(third, "SELECT state FROM consent_requests WHERE id = 'x'") == [older]


def test_nobody_is_lost_on_the_way_back(third: Engine) -> None:
    command.upgrade(alembic_config(third), "0004")
    command.downgrade(alembic_config(third), "0003")
    assert all_of(third, "SELECT id FROM consent_requests ORDER BY id") == ["p", "r"]
