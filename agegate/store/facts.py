"""What a glance at the database tells about its health: open purge legs, due work, the signing key's age.

Owns queries whose cost follows what is open and due, never what exists, and no value about anybody. When they are asked
is `telemetry`'s business.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, select

from agegate.rules.purge import ANSWERED_LEG, PurgeState
from agegate.signing.key_states import KeyState, standings
from agegate.store.agenda import AGENDA
from agegate.store.purges import LEGS, PURGES
from agegate.store.signing_keys import signing_keys
from agegate.store.transaction import Transaction

MOST_DUE = 10_000
"""Deeper than this nobody counts: the depth stays at this number while the age goes on growing."""

_OPEN_LEGS = (
    select(
        func.count().label("open"),
        func.coalesce(func.sum(case((LEGS.c.due_at < bindparam("now"), 1), else_=0)), 0).label("overdue"),
    )
    .select_from(PURGES.join(LEGS, LEGS.c.purge_id == PURGES.c.id))
    .where(PURGES.c.state == PurgeState.OPEN, LEGS.c.state.not_in(ANSWERED_LEG))
)
_OPEN_PURGES = select(
    func.count().label("open"),
    func.coalesce(func.sum(case((PURGES.c.due_at < bindparam("now"), 1), else_=0)), 0).label("overdue"),
).where(PURGES.c.state == PurgeState.OPEN)
_LONGEST_DUE = (
    select(AGENDA.c.kind, AGENDA.c.due_at)
    .where(AGENDA.c.due_at <= bindparam("now"))
    .order_by(AGENDA.c.due_at)
    .limit(MOST_DUE)
    .subquery()
)
_DUE = select(
    _LONGEST_DUE.c.kind, func.count().label("depth"), func.min(_LONGEST_DUE.c.due_at).label("oldest")
).group_by(_LONGEST_DUE.c.kind)


@dataclass(frozen=True, slots=True)
class DueWork:
    """One kind of due work: how much of it, and for how long the oldest has been due."""

    kind: str
    depth: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Facts:
    """One look at the database."""

    legs_open: int
    legs_overdue: int
    purges_open: int
    purges_overdue: int
    due: tuple[DueWork, ...]
    key_age_seconds: float | None
    """None while no key is active."""


def read_facts(tx: Transaction, now: datetime) -> Facts:
    """The facts as of one instant."""
    legs, purges = tx.rows(_OPEN_LEGS, {"now": now})[0], tx.rows(_OPEN_PURGES, {"now": now})[0]
    due = tuple(
        DueWork(row["kind"], int(row["depth"]), max((now - row["oldest"]).total_seconds(), 0.0))
        for row in tx.rows(_DUE, {"now": now})
    )
    return Facts(
        int(legs["open"]), int(legs["overdue"]), int(purges["open"]), int(purges["overdue"]), due, _key_age(tx, now)
    )


def _key_age(tx: Transaction, now: datetime) -> float | None:
    kept = [key.dates for key in signing_keys(tx)]
    states = standings(kept, now)
    begun = [dates.active_from for dates in kept if states[dates.kid].state is KeyState.ACTIVE]
    return (now - max(begun)).total_seconds() if begun else None
