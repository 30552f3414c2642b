"""The questions about events that a service is told, in the domain's words."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from agegate.store.lookahead import Key, Lookup
from agegate.store.prebuilt import Prebuilt
from agegate.store.records import Event
from agegate.store.registry_tables import ServiceRow
from agegate.store.tables import EventRow, PurgeRow, SubjectRow
from agegate.store.transaction import Transaction, Values, as_values, table_of

EVENTS = table_of(EventRow)
PAGE = 100

_TABLE = str(EventRow.__tablename__)
_SERVICES, _SUBJECTS, _PURGES = (table_of(model) for model in (ServiceRow, SubjectRow, PurgeRow))
_OWN = ("seq", "id", "service", "type", "subject_id", "purge_id", "request_id", "report_id", "holder", "occurred_at")
_EVENT = (
    select(
        *(EVENTS.c[name] for name in _OWN),
        _SERVICES.c.webhook_url,
        _SERVICES.c.sealed_webhook_secret,
        _SUBJECTS.c.subject,
        _PURGES.c.wrapped_key.label("purge_key"),
        _PURGES.c.sealed_subject,
    )
    .outerjoin_from(EVENTS, _SERVICES, _SERVICES.c.name == EVENTS.c.service)
    .outerjoin(_SUBJECTS, _SUBJECTS.c.id == EVENTS.c.subject_id)
    .outerjoin(_PURGES, _PURGES.c.id == EVENTS.c.purge_id)
)
_BY_ID = Prebuilt(_EVENT, Event, EVENTS.c.id)
_AFTER = (
    _EVENT.where(EVENTS.c.service == bindparam("in_service"), EVENTS.c.seq > bindparam("cursor"))
    .order_by(EVENTS.c.seq)
    .limit(PAGE)
)


def add_event(tx: Transaction, row: Values) -> None:
    """Appends an event; its position is in the order of commits, so that a cursor never passes one by."""
    tx.last.append(EVENTS, dict(row))


def event_lookup(row: str) -> Lookup:
    """Announces an `event_by_id`."""
    return _TABLE, ("", row)


def event_by_id(tx: Transaction, row: str) -> Event | None:
    """The event with that id, or None."""
    ahead = tx.ahead.get(*event_lookup(row))
    found = fetch_events(tx.connection, [("", row)]).get(("", row), []) if ahead is None else ahead
    return next((each for each in found if isinstance(each, Event)), None)


def fetch_events(connection: Connection, keys: Sequence[Key]) -> dict[Key, list[object]]:
    """The events with those ids, for a batch that announced them."""
    return {("", found.id): [found] for found in _BY_ID(connection, {"names": [row for _, row in keys]})}


def events_after(tx: Transaction, service: str, cursor: int) -> list[Event]:
    """Up to `PAGE` events of a service after a position, in order."""
    return as_values(Event, tx.rows(_AFTER, {"in_service": service, "cursor": cursor}))


def mark_delivered(tx: Transaction, rows: Collection[str], now: datetime) -> set[str]:
    """Notes that the service received those events; the purges that they were about."""
    told = update(EVENTS).where(EVENTS.c.id.in_(rows)).values(delivered_at=now).returning(EVENTS.c.purge_id)
    return {str(row["purge_id"]) for row in tx.rows(told) if row["purge_id"] is not None}


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
