"""Room in a lane: how much of the work that goes to one remote may be claimed, by all workers together.

Owns the bound and the question. One claim at a time looks at lanes (on PostgreSQL by an advisory lock for the length of
a transaction, on SQLite there is one writer anyway), so what is leased is counted right.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, func, or_, select, text

from agegate.store.tables import AgendaRow
from agegate.store.transaction import Transaction, table_of

MOST_IN_LANE: Final = 4
OURS: Final = 20_261_123

AGENDA = table_of(AgendaRow)
_NOW: ColumnElement[datetime] = bindparam("now")
_LEASED = AGENDA.alias("leased")
_BUSY = (
    select(_LEASED.c.lane, func.count().label("held"))
    .where(_LEASED.c.lane.is_not(None), _LEASED.c.leased_until > _NOW)
    .group_by(_LEASED.c.lane)
    .subquery("busy")
)
_FREE = or_(AGENDA.c.leased_until.is_(None), AGENDA.c.leased_until <= _NOW)
_PLACE = func.row_number().over(partition_by=AGENDA.c.lane, order_by=(AGENDA.c.due_at, AGENDA.c.id))
_RANKED = (
    select(AGENDA.c.id, AGENDA.c.lane, AGENDA.c.due_at, _PLACE.label("place"))
    .where(AGENDA.c.lane.is_not(None), AGENDA.c.due_at <= _NOW, _FREE)
    .subquery("ranked")
)
LANED = (
    select(_RANKED.c.id)
    .select_from(_RANKED.outerjoin(_BUSY, _BUSY.c.lane == _RANKED.c.lane))
    .where(_RANKED.c.place <= MOST_IN_LANE - func.coalesce(_BUSY.c.held, 0))
    .order_by(_RANKED.c.due_at)
    .limit(bindparam("most"))
)
"""The ids of what may be claimed at `now`, up to `most`: in no lane more than it has room for."""


def is_lane_keeper(tx: Transaction) -> bool:
    """Whether this transaction may claim from lanes; False while another worker does so this very moment."""
    if tx.connection.dialect.name == "sqlite":
        return True
    return bool(tx.connection.execute(text(f"SELECT pg_try_advisory_xact_lock({OURS})")).scalar_one())


def lane_of(kind: str, row: str) -> str:
    """The lane of a remote: what it is, and the row that names it."""
    return f"{kind}:{row}"[:128]
