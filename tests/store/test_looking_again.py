"""What a write has looked at again: once it is durable, with the next batch or soon after, and never on SQLite."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from agegate.store.engine import open_engine
from agegate.store.migrate import migrate
from agegate.store.store import Store
from agegate.store.transaction import Transaction

SECONDS = 10
ADD = text("INSERT INTO services (name, profile, created_at) VALUES (:name, 'p', '2026-11-22 09:00:00')")
ALL = text("SELECT name FROM services ORDER BY name")


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    """A store on PostgreSQL."""
    engine = open_engine(postgres_url)
    opened = Store(engine)
    yield opened
    opened.close()


class Seen:
    """What was there when somebody looked again."""

    def __init__(self) -> None:
        self.names: list[list[str]] = []
        self.looked = threading.Event()

    def adds(self, tx: Transaction, name: str = "one") -> None:
        """A unit that writes a row and has it looked at again."""
        tx.connection.execute(ADD, {"name": name})
        tx.look_again([], self.look)

    def look(self, tx: Transaction) -> None:
        """Notes what is there."""
        self.names.append([str(row["name"]) for row in tx.rows(ALL)])
        self.looked.set()


def test_it_is_looked_at_again_where_nobody_writes_any_more(store: Store) -> None:
    seen = Seen()
    store.write_now(seen.adds)
    assert seen.looked.wait(SECONDS)
    assert seen.names == [["one"]]


def test_it_sees_what_the_next_batch_wrote_before_it(store: Store) -> None:
    seen = Seen()
    store.write_now(seen.adds)
    store.write_now(lambda tx: tx.connection.execute(ADD, {"name": "two"}))
    assert seen.looked.wait(SECONDS)
    assert seen.names == [["one", "two"]]


def test_it_is_looked_at_again_before_the_end(store: Store) -> None:
    seen = Seen()
    store.write_now(seen.adds)
    store.close()
    assert seen.names == [["one"]]


def test_what_was_rolled_back_is_not_looked_at_again(store: Store) -> None:
    seen = Seen()

    def fails(tx: Transaction) -> None:
        seen.adds(tx)
        raise LookupError

    with pytest.raises(LookupError):
        store.write_now(fails)
    store.close()
    assert seen.names == []


def test_who_fails_at_it_disturbs_nobody(store: Store) -> None:
    def refuses(tx: Transaction) -> None:
        del tx
        raise LookupError

    store.write_now(lambda tx: tx.look_again([], refuses))
    store.write_now(lambda tx: tx.connection.execute(ADD, {"name": "two"}))
    time.sleep(0.1)
    assert store.read_now(lambda tx: len(tx.rows(ALL))) == 1


def test_one_writer_has_seen_everything(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/one.sqlite3")
    migrate(engine)
    store, seen = Store(engine), Seen()
    store.write_now(seen.adds)
    store.close()
    assert seen.names == []
