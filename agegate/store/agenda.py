"""The agenda: durable work that is due, written in the transaction that causes it.

Claimed under a lease; `leased_until` is the fence that keeps a worker that woke up late from recording. Behind this
one module so that it could be swapped. What each kind of work means is the worker's business.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, or_, select, update

from agegate.store.records import AgendaItem
from agegate.store.tables import AgendaRow
from agegate.store.transaction import Transaction, as_values, table_of

AGENDA = table_of(AgendaRow)
LEASE = timedelta(seconds=60)

_FREE = or_(AGENDA.c.leased_until.is_(None), AGENDA.c.leased_until <= bindparam("now"))
_DUE = (
    select(AGENDA.c.id)
    .where(AGENDA.c.due_at <= bindparam("now"), _FREE)
    .order_by(AGENDA.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(AGENDA)
    .where(AGENDA.c.id.in_(_DUE.scalar_subquery()))
    .values(leased_until=bindparam("until"), attempts=AGENDA.c.attempts + 1)
    .returning(*(AGENDA.c[name] for name in ("id", "kind", "ref", "due_at", "leased_until", "attempts")))
)
_WAITING = select(func.count().label("due")).where(AGENDA.c.due_at <= bindparam("now"), _FREE)


def put(tx: Transaction, row: str, kind: str, ref: str, due_at: datetime) -> None:
    """Puts work on the agenda; the same kind for the same row twice is one item, due at the earlier time."""
    if tx.awaits(AgendaRow, (kind, ref)):
        return
    known = select(AGENDA.c.id).where(AGENDA.c.kind == kind, AGENDA.c.ref == ref)
    if tx.rows_unflushed(known, {}):
        earlier = update(AGENDA).where(AGENDA.c.kind == kind, AGENDA.c.ref == ref, AGENDA.c.due_at > due_at)
        tx.change(earlier.values(due_at=due_at))
        return
    item = {"id": row, "kind": kind, "ref": ref, "due_at": due_at, "leased_until": None, "attempts": 0}
    tx.append(AgendaRow, item | {"last_error": None}, (kind, ref))


def count_due(tx: Transaction, now: datetime) -> int:
    """How many items are due and free; a read, so that an idle worker writes nothing."""
    return int(tx.rows(_WAITING, {"now": now})[0]["due"])


def claim(tx: Transaction, most: int, now: datetime, lease: timedelta = LEASE) -> list[AgendaItem]:
    """Takes up to `most` due items under a lease, the longest due first."""
    rows = tx.rows(_CLAIM, {"now": now, "most": most, "until": now + lease})
    return sorted(as_values(AgendaItem, rows), key=lambda item: item.due_at)


def release_all(tx: Transaction) -> int:
    """Ends every lease: for a process that knows itself to be the only one, after another's sudden end."""
    return tx.change(update(AGENDA).where(AGENDA.c.leased_until.is_not(None)).values(leased_until=None))


def finish(tx: Transaction, item: AgendaItem) -> bool:
    """Takes a claimed item off the agenda; False when the lease was lost, and nothing may be recorded."""
    mine = delete(AGENDA).where(AGENDA.c.id == item.id, AGENDA.c.leased_until == item.leased_until)
    return tx.change(mine) == 1


def postpone(tx: Transaction, item: AgendaItem, due_at: datetime, error: str | None) -> bool:
    """Gives a claimed item back for later; False when the lease was lost."""
    mine = update(AGENDA).where(AGENDA.c.id == item.id, AGENDA.c.leased_until == item.leased_until)
    return tx.change(mine.values(due_at=due_at, leased_until=None, last_error=error)) == 1


def drop(tx: Transaction, refs: Collection[str]) -> int:
    """Takes off everything about those rows, claimed or not: they are gone."""
    return tx.change(delete(AGENDA).where(AGENDA.c.ref.in_(refs)))
