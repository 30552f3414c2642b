"""Escalate a leg that is past its time: the service is told once, the operator gets a mail a day while any is overdue.

The leg stays open and goes on being delivered; only its holder, or two persons of the operator, can end it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agegate.entropy import Entropy, new_id
from agegate.flows.announce import Announce
from agegate.flows.due import Due
from agegate.rules.purge import ANSWERED_LEG
from agegate.store import agenda
from agegate.store.purges import leg_by_id, mark_escalated
from agegate.store.transaction import Transaction

GATHER_FOR = timedelta(minutes=1)
"""What falls due together is told in one mail."""


@dataclass(frozen=True, slots=True)
class EscalateLeg:
    """What the deadline of a leg leads to."""

    announce: Announce
    entropy: Entropy
    operator_mail: str | None

    def __call__(self, tx: Transaction, leg: str, now: datetime) -> bool:
        """Escalates; False when the leg is answered, or was escalated before."""
        found = leg_by_id(tx, leg)
        if found is None or found.state in ANSWERED_LEG or not mark_escalated(tx, leg, now):
            return False
        self.announce.overdue(tx, found, now)
        self.tell_operator(tx, found.service, now)
        return True

    def tell_operator(self, tx: Transaction, service: str, now: datetime) -> None:
        """Puts one mail about a service on the agenda, unless one waits already."""
        if self.operator_mail is not None and not agenda.is_known(tx, Due.OPERATOR_MAIL, service):
            agenda.put(tx, new_id(self.entropy, now), Due.OPERATOR_MAIL, service, now + GATHER_FOR)
