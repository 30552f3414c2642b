"""Tell the service: an event, and its delivery on the agenda, in the transaction of what happened.

Whatever a service is told is kept in the audit log too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import AGEGATE, GUARDIAN
from agegate.store import agenda
from agegate.store.events import add_event
from agegate.store.lane_room import lane_of
from agegate.store.records import PurgeLeg, Service
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
    PURGE_OVERDUE = "purge.overdue"
    PURGE_COMPLETED = "purge.completed"


BY_GUARDIANS = frozenset({EventType.CONSENT_GRANTED, EventType.CONSENT_DECLINED, EventType.CONSENT_WITHDRAWN})
"""What follows from a guardian's own answer."""


NOTHING: dict[str, object] = dict.fromkeys(("subject_id", "request_id", "report_id"))


@dataclass(frozen=True, slots=True)
class Announce:
    """Appends an event that names its subject by row, never by value."""

    entropy: Entropy
    audit: WriteAudit

    def __call__(  # noqa: PLR0913 - what an event can name, each by its word
        self,
        tx: Transaction,
        service: str | Service,
        kind: EventType,
        now: datetime,
        *,
        subject_id: str | None = None,
        purge_id: str | None = None,
        request_id: str | None = None,
        report_id: str | None = None,
    ) -> None:
        """One event. Without a webhook it only waits to be fetched (`GET /v1/events`)."""
        facts = {"subject_id": subject_id, "purge_id": purge_id, "request_id": request_id, "report_id": report_id}
        known = service if isinstance(service, Service) else None
        name = service.name if isinstance(service, Service) else service
        self._tell(tx, kind, facts | {"service": name, "holder": None}, now, known)
        about = About(name, subject_id, request_id or purge_id or report_id)
        self.audit(tx, kind, about, now, actor=GUARDIAN if kind in BY_GUARDIANS else AGEGATE)

    def overdue(self, tx: Transaction, leg: PurgeLeg, now: datetime) -> None:
        """A holder is late with its part of a purge."""
        facts = {**NOTHING, "purge_id": leg.purge_id, "holder": leg.holder}
        self._tell(tx, EventType.PURGE_OVERDUE, facts | {"service": leg.service}, now)
        about = About(leg.service, None, leg.purge_id)
        self.audit(tx, EventType.PURGE_OVERDUE, about, now, facts={"holder": leg.holder})

    def _tell(
        self,
        tx: Transaction,
        kind: EventType,
        facts: Mapping[str, object],
        now: datetime,
        known: Service | None = None,
    ) -> None:
        event, service = new_id(self.entropy, now), str(facts["service"])
        add_event(tx, {**facts, "id": event, "type": kind, "occurred_at": now, "delivered_at": None})
        told = known or find_service(tx, service)
        if told is not None and told.webhook_url is not None:
            agenda.put_new(tx, new_id(self.entropy, now), Due.EVENT, event, now, lane_of("service", service))
