"""Subjects without an address or a consent stand in no index of them; whoever has one is still found by it."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from sqlalchemy import Connection, event

from agegate.store.engine import open_engine
from agegate.store.migrate import migrate
from agegate.store.reviews import page_to_review
from agegate.store.subjects import subjects_at
from agegate.store.transaction import Transaction

QUESTIONS: list[tuple[str, Callable[[Transaction], object]]] = [
    ("subjects_by_address", lambda tx: subjects_at(tx, "game", "digest")),
    ("subjects_consented", lambda tx: page_to_review(tx, "", "2026-11")),
]


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """A connection to a database of this version in which nobody is."""
    engine = open_engine(database_url)
    migrate(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def plan_of(connection: Connection, question: Callable[[Transaction], object]) -> str:
    asked: list[tuple[str, Sequence[object]]] = []

    def note(_one: object, _two: object, sql: str, values: Sequence[object], *_more: object) -> None:
        asked.append((sql, values))

    event.listen(connection, "before_cursor_execute", note)
    question(Transaction(connection))
    event.remove(connection, "before_cursor_execute", note)
    (sql, values) = asked[0]
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
    else:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a table of no rows is read whole otherwise
        cursor.execute(f"EXPLAIN {sql}", values)
    return str(cursor.fetchall())


@pytest.mark.parametrize(("index", "question"), QUESTIONS)
def test_a_question_is_answered_by_its_index(
    connection: Connection, index: str, question: Callable[[Transaction], object]
) -> None:
    assert index in plan_of(connection, question)
