"""Freeze the legs of a purge: a copy of who holds what, and until when each must have answered, as of the order.

A holder that is added later has no part in it; one that is moved or goes keeps its leg.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.rules.purge import DUE_WITHIN, LegState
from agegate.store import agenda
from agegate.store.endpoints import gone_endpoints
from agegate.store.lane_room import lane_of
from agegate.store.purges import add_leg
from agegate.store.records import Holder
from agegate.store.registry import holders_of
from agegate.store.transaction import Transaction

GONE = "gone"
"""The code of an endpoint that said 410: nothing is sent there any more."""


@dataclass(frozen=True, slots=True)
class FreezeLegs:
    """One leg for every holder of the service, with its delivery and its deadline on the agenda."""

    entropy: Entropy

    def __call__(self, tx: Transaction, service: str, purge: str, now: datetime) -> None:
        """Appends them; a holder without an address fetches its order instead."""
        holders = holders_of(tx, service)
        gone = gone_endpoints(tx) if holders else frozenset()
        for holder in holders:
            leg, due_at = new_id(self.entropy, now), now + due_within(holder)
            add_leg(tx, _leg(leg, purge, holder, due_at) | {"last_error": GONE if holder.id in gone else None})
            agenda.put(tx, new_id(self.entropy, now), Due.LEG_OVERDUE, leg, due_at)
            # Also without an address: it may be given one before this is committed. The worker looks, and lets it be.
            agenda.put(tx, new_id(self.entropy, now), Due.LEG, leg, now, lane_of("holder", holder.id))


def due_within(holder: Holder) -> timedelta:
    """How long a holder has; never longer than the law gives the service."""
    if holder.due_within_seconds is None:
        return DUE_WITHIN
    return min(timedelta(seconds=holder.due_within_seconds), DUE_WITHIN)


def _leg(leg: str, purge: str, holder: Holder, due_at: datetime) -> dict[str, object]:
    return {
        "id": leg,
        "purge_id": purge,
        "service": holder.service,
        "holder": holder.name,
        "categories": holder.categories,
        "state": LegState.QUEUED,
        "attempts": 0,
        "due_at": due_at,
        "delivered_at": None,
        "completed_at": None,
        "counts": {},
        "exceptions": [],
    }
