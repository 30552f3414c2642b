"""The questions about events that a service is told, in the domain's words."""

from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from agegate.store.records import Event
from agegate.store.tables import EventRow
from agegate.store.transaction import Transaction, Values, as_values, columns_for, first, table_of

EVENTS = table_of(EventRow)
PAGE = 100

_EVENT = columns_for(EventRow, Event)
_AFTER = (
    _EVENT.where(EVENTS.c.service == bindparam("in_service"), EVENTS.c.seq > bindparam("cursor"))
    .order_by(EVENTS.c.seq)
    .limit(PAGE)
)


def add_event(tx: Transaction, row: Values) -> None:
    """Appends an event; its position is in the order of commits, so that a cursor never passes one by."""
    tx.last.append(EVENTS, dict(row))


def event_by_id(tx: Transaction, row: str) -> Event | None:
    """The event with that id, or None."""
    return first(as_values(Event, tx.rows(_EVENT.where(EVENTS.c.id == row))))


def events_after(tx: Transaction, service: str, cursor: int) -> list[Event]:
    """Up to `PAGE` events of a service after a position, in order."""
    return as_values(Event, tx.rows(_AFTER, {"in_service": service, "cursor": cursor}))


def mark_delivered(tx: Transaction, row: str, now: datetime) -> None:
    """Notes that the service received the event."""
    tx.change(update(EVENTS).where(EVENTS.c.id == row).values(delivered_at=now))


def hand_to_purge(tx: Transaction, subject: str, purge: str) -> int:
    """Lets a purged subject's events name the purge instead; until they are delivered it knows the subject's id."""
    told_now = [row for row in tx.last.rows(EVENTS) if row["subject_id"] == subject]
    for row in told_now:
        row |= {"subject_id": None, "purge_id": purge}
    moved = update(EVENTS).where(EVENTS.c.subject_id == subject)
    return len(told_now) + tx.change(moved.values(subject_id=None, purge_id=purge))


def count_undelivered(tx: Transaction, purge: str) -> int:
    """How many events of a purge the service has not received."""
    open_ones = select(func.count().label("open")).where(EVENTS.c.purge_id == purge, EVENTS.c.delivered_at.is_(None))
    told_now = [row for row in tx.last.rows(EVENTS) if row["purge_id"] == purge]
    return len(told_now) + int(tx.rows(open_ones)[0]["open"])
