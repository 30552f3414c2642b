"""When a batch on PostgreSQL is a transaction: from the first statement that needs one on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from agegate.store import agenda
from agegate.store.copy_in import MANY
from agegate.store.engine import open_engine
from agegate.store.migrate import migrate
from agegate.store.store import Store
from agegate.store.token_tables import StatusEntryRow
from agegate.store.transaction import Transaction

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OPEN = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle in transaction'"
)


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    """A store whose database nobody else uses."""
    engine = open_engine(postgres_url)
    migrate(engine)
    opened = Store(engine)
    yield opened
    opened.close()


def put(tx: Transaction, count: int = 1) -> None:
    for number in range(count):
        agenda.put_new(tx, f"row-{number}", "kind", f"ref-{number}", NOW)


def flushed(tx: Transaction) -> None:
    put(tx)
    tx.flush()


NEEDS: list[tuple[Callable[[Transaction], object], int]] = [
    (lambda tx: None, 0),  # noqa: ARG005 - a unit that does nothing
    (put, 0),
    (lambda tx: tx.number(), 0),
    (lambda tx: tx.rows(text("SELECT 1")), 1),
    (lambda tx: tx.change(text("UPDATE agenda SET attempts = 0")), 1),
    (flushed, 1),
]


@pytest.mark.parametrize(("work", "begun"), NEEDS)
def test_a_transaction_begins_with_what_needs_it(
    store: Store, work: Callable[[Transaction], object], begun: int
) -> None:
    def unit(tx: Transaction) -> object:
        work(tx)
        with store.engine.connect() as other:
            return other.execute(OPEN).scalar_one()

    assert store.write_now(unit) == begun


def agenda_rows(store: Store) -> int:
    return len(store.read_now(lambda tx: tx.rows(text("SELECT id FROM agenda"))))


@pytest.mark.parametrize("count", [1, MANY])
def test_a_refused_row_takes_those_of_other_tables_with_it(store: Store, count: int) -> None:
    def unit(tx: Transaction) -> None:
        put(tx, count)
        for _ in range(2):
            tx.append(StatusEntryRow, {"seq": 1, "subject_id": None, "audience": None, "status": 0})

    with pytest.raises(IntegrityError):
        store.write_now(unit)
    assert agenda_rows(store) == 0


@pytest.mark.parametrize("count", [1, MANY])
def test_what_was_handed_out_as_written_is_there_for_everybody(store: Store, count: int) -> None:
    store.write_now(lambda tx: put(tx, count))
    assert agenda_rows(store) == count
