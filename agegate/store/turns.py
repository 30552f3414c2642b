"""Whose turn it is: of all workers, on all machines, one does each period's work.

A turn is taken in the transaction that does the work. So it is done once or not at all, and where a worker died over
it the next one takes the turn as if nobody had; nobody has to be elected, and no connection be held.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from agegate.store.schema_tables import TurnRow
from agegate.store.transaction import Transaction, table_of

TURNS = table_of(TurnRow)

_TAKE = (
    update(TURNS)
    .where(TURNS.c.name == bindparam("turn"), TURNS.c.due_at <= bindparam("now"))
    .values(due_at=bindparam("next_at"), taken_by=bindparam("by"))
)
_LATER = select(TURNS.c.name).where(TURNS.c.due_at > bindparam("now"))


def turns_due(tx: Transaction, names: Collection[str], now: datetime) -> set[str]:
    """Which of those turns nobody took yet; a read, so that an idle worker writes nothing."""
    return set(names) - {str(row["name"]) for row in tx.rows(_LATER, {"now": now})}


def take_turn(tx: Transaction, name: str, every: timedelta, now: datetime, by: str) -> bool:
    """Takes the turn if it is due; False when another worker has it. Of two at once the database lets one through."""
    if tx.change(_TAKE, {"turn": name, "now": now, "next_at": now + every, "by": by}) == 1:
        return True
    return tx.put(TURNS, {"name": name, "due_at": now + every, "taken_by": by})
