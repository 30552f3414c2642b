"""The questions about holders' endpoints: which are gone, what waits for a holder, in the domain's words."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from agegate.rules.purge import ANSWERED_LEG, LegState
from agegate.store.purges import LEGS
from agegate.store.registry import HOLDERS
from agegate.store.tables import GoneEndpointRow
from agegate.store.transaction import Transaction, table_of

GONE = table_of(GoneEndpointRow)


def gone_endpoints(tx: Transaction) -> frozenset[str]:
    """The ids of holders whose endpoint said that it is no more; there are few."""
    return frozenset(str(row["holder_id"]) for row in tx.rows(select(GONE.c.holder_id)))


def mark_gone(tx: Transaction, holder_id: str, now: datetime) -> bool:
    """Notes that nothing may be sent there any more; False when that is known."""
    if holder_id in gone_endpoints(tx):
        return False
    tx.append(GoneEndpointRow, {"holder_id": holder_id, "gone_at": now})
    return True


def move_endpoint(tx: Transaction, service: str, holder: str, holder_id: str, url: str) -> bool:
    """Gives a holder another address, to which orders go from now on; False when there is no such holder."""
    tx.change(delete(GONE).where(GONE.c.holder_id == holder_id))
    known = update(HOLDERS).where(HOLDERS.c.service == service, HOLDERS.c.name == holder)
    return tx.change(known.values(url=url)) == 1


def undelivered_legs(tx: Transaction, service: str, holder: str) -> list[str]:
    """The open legs of a holder that it has not received."""
    waiting = select(LEGS.c.id).where(
        LEGS.c.service == service, LEGS.c.holder == holder, LEGS.c.state == LegState.QUEUED
    )
    return [str(row["id"]) for row in tx.rows(waiting)]


def overdue_by_holder(tx: Transaction, service: str, now: datetime) -> list[tuple[str, int, datetime]]:
    """For each holder of a service with open legs past their time: its name, how many, and since when."""
    late = (
        select(LEGS.c.holder, func.count().label("late"), func.min(LEGS.c.due_at).label("since"))
        .where(LEGS.c.service == service, LEGS.c.state.not_in(ANSWERED_LEG), LEGS.c.due_at <= now)
        .group_by(LEGS.c.holder)
        .order_by(LEGS.c.holder)
    )
    return [(str(row["holder"]), int(row["late"]), row["since"]) for row in tx.rows(late)]
