"""Move a holder: its orders go to another address from now on, those it never received first.

This is also how an endpoint that said 410 is opened again. What was ordered, and by when, stays as it was frozen.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import COMMAND, Act
from agegate.rules.errors import HolderUnknown
from agegate.store import agenda
from agegate.store.endpoints import move_endpoint, undelivered_legs
from agegate.store.lane_room import lane_of
from agegate.store.registry import holders_of
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class MoveHolder:
    """Used by commands only."""

    entropy: Entropy
    audit: WriteAudit

    def __call__(self, tx: Transaction, service: str, name: str, url: str, now: datetime) -> int | HolderUnknown:
        """How many orders are due at the new address."""
        holder = next((holder for holder in holders_of(tx, service) if holder.name == name), None)
        if holder is None:
            return HolderUnknown()
        move_endpoint(tx, service, name, holder.id, url)
        waiting = undelivered_legs(tx, service, name) if url else []
        for leg in waiting:
            agenda.put(tx, new_id(self.entropy, now), Due.LEG, leg, now, lane_of("holder", holder.id))
        self.audit(tx, Act.HOLDER_MOVED, About(service, ref=name), now, actor=COMMAND, facts={"waiting": len(waiting)})
        return len(waiting)
