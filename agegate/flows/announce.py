"""Tell the service: an event, and its delivery on the agenda, in the transaction of what happened.

Whatever a service is told is kept in the audit log too.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import AGEGATE, GUARDIAN
from agegate.store import agenda
from agegate.store.events import add_event
from agegate.store.registry import find_service
from agegate.store.transaction import Transaction


class EventType(StrEnum):
    """What a service can be told. The words of the API."""

    CONSENT_CONFIRMING = "consent.awaiting_confirmation"
    CONSENT_GRANTED = "consent.granted"
    CONSENT_DECLINED = "consent.declined"
    CONSENT_SUPERSEDED = "consent.superseded"
    CONSENT_CHANGED = "consent.changed"
    CONSENT_AGED_OUT = "consent.aged_out"
    CONSENT_EXPIRED = "consent.expired"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    CONSENT_UNDELIVERABLE = "consent.undeliverable"
    AGE_CHANGED = "age.changed"
    REPORT_RECEIVED = "report.received"
    SUBJECT_RESTRICTED = "subject.restricted"
    SUBJECT_CLEARED = "subject.cleared"
    PURGE_REQUESTED = "purge.requested"
    PURGE_COMPLETED = "purge.completed"


BY_GUARDIANS = frozenset({EventType.CONSENT_GRANTED, EventType.CONSENT_DECLINED, EventType.CONSENT_WITHDRAWN})
"""What follows from a guardian's own answer."""


@dataclass(frozen=True, slots=True)
class Announce:
    """Appends an event that names its subject by row, never by value."""

    entropy: Entropy
    audit: WriteAudit

    def __call__(  # noqa: PLR0913 - what an event can name, each by its word
        self,
        tx: Transaction,
        service: str,
        kind: EventType,
        now: datetime,
        *,
        subject_id: str | None = None,
        purge_id: str | None = None,
        request_id: str | None = None,
        report_id: str | None = None,
    ) -> None:
        """One event. Without a webhook it only waits to be fetched (`GET /v1/events`)."""
        event = new_id(self.entropy, now)
        add_event(
            tx,
            {
                "id": event,
                "service": service,
                "type": kind,
                "subject_id": subject_id,
                "purge_id": purge_id,
                "request_id": request_id,
                "report_id": report_id,
                "occurred_at": now,
                "delivered_at": None,
            },
        )
        about = About(service, subject_id, request_id or purge_id or report_id)
        self.audit(tx, kind, about, now, actor=GUARDIAN if kind in BY_GUARDIANS else AGEGATE)
        told = find_service(tx, service)
        if told is not None and told.webhook_url is not None:
            agenda.put(tx, new_id(self.entropy, now), Due.EVENT, event, now)
