"""The agenda: durable work that is due, written in the transaction that causes it.

Claimed under a lease; `leased_until` is the fence that keeps a worker that woke up late from recording. Work in a lane
goes to one remote and is claimed a few at a time (`lane_room`). What each kind of work means is the worker's business.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, delete, or_, select, update

from agegate.store.lane_room import LANED, is_lane_keeper
from agegate.store.records import AgendaItem
from agegate.store.tables import AgendaRow
from agegate.store.transaction import Transaction, as_values, table_of

AGENDA = table_of(AgendaRow)
LEASE = timedelta(seconds=60)

_FREE = or_(AGENDA.c.leased_until.is_(None), AGENDA.c.leased_until <= bindparam("now"))
_DUE = (
    select(AGENDA.c.id)
    .where(AGENDA.c.lane.is_(None), AGENDA.c.due_at <= bindparam("now"), _FREE)
    .order_by(AGENDA.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_TAKEN = {"leased_until": bindparam("until"), "attempts": AGENDA.c.attempts + 1}
_SHOWN = [AGENDA.c[name] for name in ("id", "kind", "ref", "due_at", "leased_until", "attempts")]
_CLAIM = update(AGENDA).where(AGENDA.c.id.in_(_DUE.scalar_subquery())).values(_TAKEN).returning(*_SHOWN)
_CLAIM_LANED = (
    # Asked again of the row itself: another worker may have given it back for later while this one waited for it.
    update(AGENDA)
    .where(AGENDA.c.id.in_(LANED.scalar_subquery()), AGENDA.c.due_at <= bindparam("now"), _FREE)
    .values(_TAKEN)
    .returning(*_SHOWN)
)
_AGAIN = (
    update(AGENDA)
    .where(AGENDA.c.kind == bindparam("of_kind"), AGENDA.c.ref == bindparam("about"))
    .values(due_at=case((AGENDA.c.due_at > bindparam("at"), bindparam("at")), else_=AGENDA.c.due_at), leased_until=None)
    .returning(AGENDA.c.id)
)
_WAITING = select(AGENDA.c.id).where(AGENDA.c.due_at <= bindparam("now"), _FREE).limit(1)


def put(tx: Transaction, row: str, kind: str, ref: str, due_at: datetime, lane: str | None = None) -> None:
    """Puts work on the agenda; the same kind for the same row twice is one item, due at the earlier time.

    A worker that has it claimed looked before this was known: its lease ends, nothing is recorded, and the work is
    done again. One that takes it off this moment is waited for. `lane` names the remote it goes to, if that one must
    not be asked by many at once.
    """
    if tx.awaits(AgendaRow, (kind, ref)):
        return
    if not tx.rows_unflushed(_AGAIN, {"of_kind": kind, "about": ref, "at": due_at}):
        put_new(tx, row, kind, ref, due_at, lane)


def hasten(tx: Transaction, kind: str, ref: str, due_at: datetime) -> None:
    """Makes work that is on the agenda due earlier; whoever has it claimed is left alone."""
    later = update(AGENDA).where(AGENDA.c.kind == kind, AGENDA.c.ref == ref, AGENDA.c.due_at > due_at)
    tx.change(later.values(due_at=due_at))


def put_new(tx: Transaction, row: str, kind: str, ref: str, due_at: datetime, lane: str | None = None) -> None:
    """The same for a row that this transaction makes: nothing on the agenda can be about it yet."""
    item = {"id": row, "kind": kind, "ref": ref, "due_at": due_at, "leased_until": None, "attempts": 0}
    tx.append(AgendaRow, item | {"last_error": None, "lane": lane}, (kind, ref))


def is_known(tx: Transaction, kind: str, ref: str) -> bool:
    """Whether that work is on the agenda already, due or not."""
    known = select(AGENDA.c.id).where(AGENDA.c.kind == kind, AGENDA.c.ref == ref)
    return tx.awaits(AgendaRow, (kind, ref)) or bool(tx.rows_unflushed(known, {}))


def is_due(tx: Transaction, now: datetime) -> bool:
    """Whether anything is due and free; a read, so that an idle worker writes nothing."""
    return bool(tx.rows(_WAITING, {"now": now}))


def claim(tx: Transaction, most: int, now: datetime, lease: timedelta = LEASE) -> list[AgendaItem]:
    """Takes up to `most` due items under a lease, the longest due first; at most half of them go to slow remotes."""
    given = {"now": now, "until": now + lease}
    laned = [*tx.rows(_CLAIM_LANED, given | {"most": most // 2})] if most > 1 and is_lane_keeper(tx) else []
    rows = [*laned, *tx.rows(_CLAIM, given | {"most": most - len(laned)})]
    return sorted(as_values(AgendaItem, rows), key=lambda item: item.due_at)


def release_all(tx: Transaction) -> int:
    """Ends every lease: for a process that knows itself to be the only one, after another's sudden end."""
    return tx.change(update(AGENDA).where(AGENDA.c.leased_until.is_not(None)).values(leased_until=None))


def finish(tx: Transaction, items: Collection[AgendaItem]) -> set[AgendaItem]:
    """Takes claimed items off the agenda; of the others the lease was lost, and nothing may be recorded of them."""
    finished: set[AgendaItem] = set()
    for until in {item.leased_until for item in items}:
        under = {item.id: item for item in items if item.leased_until == until}
        mine = delete(AGENDA).where(AGENDA.c.id.in_(under), AGENDA.c.leased_until == until).returning(AGENDA.c.id)
        finished.update(under[str(row["id"])] for row in tx.rows(mine))
    return finished


def postpone(tx: Transaction, item: AgendaItem, due_at: datetime, error: str | None) -> bool:
    """Gives a claimed item back for later; False when the lease was lost."""
    mine = update(AGENDA).where(AGENDA.c.id == item.id, AGENDA.c.leased_until == item.leased_until)
    return tx.change(mine.values(due_at=due_at, leased_until=None, last_error=error)) == 1


def drop_one(tx: Transaction, kind: str, ref: str) -> int:
    """Takes one kind of work about a row off: it became idle."""
    return tx.change(delete(AGENDA).where(AGENDA.c.kind == kind, AGENDA.c.ref == ref))


def drop(tx: Transaction, refs: Collection[str]) -> int:
    """Takes off everything about those rows, claimed or not: they are gone."""
    return tx.change(delete(AGENDA).where(AGENDA.c.ref.in_(refs)))
