"""The step to legs that are seen to their end, forward and back on filled tables."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine

from agegate.store.engine import open_engine
from agegate.store.migrate import alembic_config
from tests.flows.test_step_to_deciding_again import NOW, all_of, put

PURGE = {
    "id": "p",
    "service": "game",
    "subject_digest": "d",
    "commitment": "c",
    "state": "open",
    "reason": "subject_request",
    "deleted": "{}",
    "ordered_at": NOW,
    "due_at": NOW,
}
LEG = {
    "purge_id": "p",
    "service": "game",
    "attempts": 0,
    "due_at": NOW,
    "counts": "{}",
    "exceptions": "[]",
}
HOLDER = {"id": "h", "service": "game", "name": "logs", "url": "https://h.example/", "sealed_secret": "s"}


@pytest.fixture
def before(database_url: str) -> Iterator[Engine]:
    """A database at the step before, with a purge under way."""
    engine = open_engine(database_url)
    command.upgrade(alembic_config(engine), "head")
    command.downgrade(alembic_config(engine), "0011")
    put(engine, "services", {"name": "game", "profile": "deepseek", "created_at": NOW})
    put(engine, "holders", HOLDER | {"categories": "[]", "created_at": NOW})
    put(engine, "purges", PURGE)
    put(engine, "purge_legs", LEG | {"id": "l", "holder": "logs", "state": "delivered"})
    yield engine
    engine.dispose()


def test_legs_of_before_keep_their_state_and_have_no_part_in_what_is_new(before: Engine) -> None:
    command.upgrade(alembic_config(before), "0012")
    assert all_of(before, "SELECT state FROM purge_legs") == ["delivered"]
    assert all_of(before, "SELECT closing_by FROM purge_legs") == [None]


def test_a_holder_of_before_has_the_longest_time(before: Engine) -> None:
    command.upgrade(alembic_config(before), "0012")
    assert all_of(before, "SELECT due_within_seconds FROM holders") == [None]


def test_a_closed_leg_counts_as_refused_for_older_code_and_never_as_completed(before: Engine) -> None:
    command.upgrade(alembic_config(before), "0012")
    put(before, "purge_legs", LEG | {"id": "x", "holder": "gone", "state": "unreachable", "closed_by": "jo"})
    command.downgrade(alembic_config(before), "0011")
    assert all_of(before, "SELECT state FROM purge_legs ORDER BY id") == ["delivered", "refused"]
