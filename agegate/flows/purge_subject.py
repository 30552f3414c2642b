"""Purge on a caller's word: the service, the subject or an upheld report asks for it."""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.order_purge import OrderPurge
from agegate.flows.view_purge import PurgeView, view_purge
from agegate.rules.errors import PurgeUnknown
from agegate.rules.purge import PurgeReason
from agegate.store.records import Service
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class PurgeSubject:
    """Orders the purge and shows it; asked again while it is open, shows the same one."""

    purge: OrderPurge

    def __call__(
        self, tx: Transaction, service: Service, subject: str, reason: PurgeReason, now: datetime
    ) -> PurgeView | PurgeUnknown:
        """The purge. A subject that agegate never held is ordered at its holders all the same."""
        return view_purge(tx, service.name, self.purge(tx, service.name, subject, reason, now))
