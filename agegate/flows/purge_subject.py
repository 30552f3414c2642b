"""Purge on a caller's word: the service, the subject or an upheld report asks for it."""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.order_purge import OrderPurge
from agegate.flows.view_purge import PurgeView, view_purge
from agegate.rules.errors import PurgeUnknown, SubjectUnknown
from agegate.rules.purge import PurgeReason, PurgeState
from agegate.store.purges import latest_purge
from agegate.store.records import Service
from agegate.store.subjects import find_subject_held
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

    def as_asked(self, tx: Transaction, service: Service, subject: str, now: datetime) -> str | SubjectUnknown:
        """The purge that the subject itself asked for; only of one that we hold, or whose purge is open."""
        if find_subject_held(tx, service.name, subject) is None:
            known = latest_purge(tx, service.name, self.purge.digests.subject(service.name, subject))
            return known.id if known is not None and known.state == PurgeState.OPEN else SubjectUnknown()
        return self.purge(tx, service.name, subject, PurgeReason.SUBJECT_REQUEST, now)
