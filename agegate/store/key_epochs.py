"""How far data keys are wrapped anew: which epoch each of them is under, and where the last batch ended.

Walks every table with a wrapped key by the order of its ids, a window at a time, so that a statement stays short
however many rows there are and a run goes on where it stopped.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, Select, Table, bindparam, func, select, update

from agegate.store.report_tables import ReportRow
from agegate.store.schema_tables import KeyEpochRow
from agegate.store.tables import PurgeRow, StickyAnswerRow, SubjectRow
from agegate.store.transaction import Transaction, as_values, columns_for, first, table_of

EPOCHS = table_of(KeyEpochRow)
WRAPPED: tuple[Table, ...] = tuple(table_of(model) for model in (PurgeRow, StickyAnswerRow, SubjectRow, ReportRow))
"""Every table with a data key of its own."""

WINDOW = 200


@dataclass(frozen=True, slots=True)
class KeyEpoch:
    """One epoch as far as the database knows it; the key itself is in the key file."""

    name: str
    opened_at: datetime
    cursor: str | None
    rewrapped_at: datetime | None
    destroyed_at: datetime | None


def epochs(tx: Transaction) -> list[KeyEpoch]:
    """Every epoch that ever sealed, the oldest first."""
    return as_values(KeyEpoch, tx.rows(columns_for(KeyEpochRow, KeyEpoch).order_by(EPOCHS.c.name)))


def find_epoch(tx: Transaction, name: str) -> KeyEpoch | None:
    """The epoch of that name, or None."""
    return first(as_values(KeyEpoch, tx.rows(columns_for(KeyEpochRow, KeyEpoch).where(EPOCHS.c.name == name))))


def add_epoch(tx: Transaction, name: str, now: datetime) -> None:
    """Notes that an epoch has begun."""
    row = {"name": name, "opened_at": now, "cursor": None, "rewrapped_at": None, "destroyed_at": None}
    tx.append(KeyEpochRow, row)


def note_epoch(tx: Transaction, name: str, **facts: object) -> None:
    """Sets facts of an epoch."""
    tx.change(update(EPOCHS).where(EPOCHS.c.name == name).values(**facts))


def count_wrapped(tx: Transaction, name: str) -> int:
    """How many data keys are wrapped under that epoch's key; looks at every row."""
    return sum(int(tx.rows(_counted(table), {"under": f"{name}."})[0]["found"]) for table in WRAPPED)


def rewrap_window(
    tx: Transaction, name: str, cursor: str | None, wrap: Callable[[str, str], str]
) -> tuple[str | None, int]:
    """Wraps anew what the next window holds under that epoch: where to go on (None at the end), and how many."""
    number, _, after = (cursor or "0:").partition(":")
    table = WRAPPED[int(number)]
    ahead = select(table.c.id, table.c.wrapped_key).where(table.c.id > after).order_by(table.c.id).limit(WINDOW)
    window = tx.rows(ahead)
    wanted = [row for row in window if str(row["wrapped_key"] or "").startswith(f"{name}.")]
    changes = [
        {"row": row["id"], "old": row["wrapped_key"], "new": wrap(row["id"], row["wrapped_key"])} for row in wanted
    ]
    if changes:
        mine = update(table).where(table.c.id == bindparam("row"), table.c.wrapped_key == bindparam("old"))
        tx.connection.execute(mine.values(wrapped_key=bindparam("new")), changes)
    return _next(int(number), window), len(changes)


def _next(number: int, window: Sequence[RowMapping]) -> str | None:
    if len(window) == WINDOW:
        return f"{number}:{window[-1]['id']}"
    return f"{number + 1}:" if number + 1 < len(WRAPPED) else None


def _counted(table: Table) -> Select[int]:
    return select(func.count().label("found")).where(table.c.wrapped_key.startswith(bindparam("under")))
