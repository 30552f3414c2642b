"""The second step of the schema, forward and back on filled tables: who was let in before is known, nobody is lost."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import Engine, text

from agegate.store.engine import open_engine
from agegate.store.migrate import alembic_config

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC).replace(tzinfo=None)
SUBJECT = {
    "wrapped_key": "k",
    "sealed_birth_date": "s",
    "country": "US",
    "profile": "deepseek@1",
    "reasons": "[]",
    "decided_on": NOW.date(),
    "assent_needed": False,
    "created_at": NOW,
    "service": "game",
}
REQUEST = {
    "service": "game",
    "sealed_guardian": "g",
    "guardian_digest": "d",
    "locale": "en",
    "assurance": "email",
    "profile": "deepseek@1",
    "policy_version": "1",
    "notice_sha256": "0",
    "created_at": NOW,
    "expires_at": NOW,
}
NO = {
    "service": "game",
    "decision": "blocked",
    "assent_needed": False,
    "reasons": "[]",
    "profile": "deepseek@1",
    "expires_at": NOW + timedelta(hours=72),
}


@pytest.fixture
def first(database_url: str) -> Iterator[Engine]:
    """A database at the first step, filled."""
    engine = open_engine(database_url)
    command.upgrade(alembic_config(engine), "head")
    command.downgrade(alembic_config(engine), "0001")
    put(engine, "services", {"name": "game", "profile": "deepseek", "created_at": NOW})
    for name, state in (("a", "allowed"), ("b", "consent_required"), ("c", "consent_required"), ("d", "restricted")):
        put(engine, "subjects", SUBJECT | {"id": name, "subject": name, "state": state})
    asked = {"id": "r", "subject_id": "c", "state": "withdrawn", "link_digest": "l", "manage_digest": "m"}
    put(engine, "consent_requests", REQUEST | asked)
    put(engine, "sticky_answers", NO | {"id": "n", "digest": "x"})
    yield engine
    engine.dispose()


def put(engine: Engine, table: str, row: Mapping[str, object]) -> None:
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), dict(row))  # noqa: S608 - our own names


def all_of(engine: Engine, statement: str) -> list[object]:
    with engine.connect() as connection:
        return [row[0] for row in connection.execute(text(statement))]


def test_whoever_was_let_in_before_is_known_afterwards(first: Engine) -> None:
    command.upgrade(alembic_config(first), "0002")
    asked = "SELECT id FROM subjects WHERE admitted_at IS NOT NULL ORDER BY id"
    assert all_of(first, asked) == ["a", "c", "d"]


def test_nobody_counts_as_grown_before_a_look_at_the_date(first: Engine) -> None:
    command.upgrade(alembic_config(first), "0002")
    assert [bool(grown) for grown in all_of(first, "SELECT grown FROM subjects")] == [False] * 4


def test_the_way_back_loses_nobody_and_no_question(first: Engine) -> None:
    command.upgrade(alembic_config(first), "0002")
    command.downgrade(alembic_config(first), "0001")
    assert all_of(first, "SELECT id FROM subjects ORDER BY id") == ["a", "b", "c", "d"]
    assert all_of(first, "SELECT id FROM consent_requests") == ["r"]


def test_of_several_noes_under_one_digest_the_longest_stays_on_the_way_back(first: Engine) -> None:
    command.upgrade(alembic_config(first), "0002")
    more = {"digest": "x", "owner": "o", "kind": "device", "expires_at": NOW + timedelta(hours=99)}
    put(first, "sticky_answers", NO | {"id": "p"} | more)
    put(first, "sticky_answers", NO | {"id": "q", "digest": "y", "owner": "y", "kind": "corrected"})
    command.downgrade(alembic_config(first), "0001")
    assert all_of(first, "SELECT id FROM sticky_answers") == ["p"]


def test_there_and_back_and_there_again(first: Engine) -> None:
    for step in ("head", "0001", "head"):
        (command.downgrade if step == "0001" else command.upgrade)(alembic_config(first), step)
    assert all_of(first, "SELECT name FROM rule_prints") == ["watch"]
