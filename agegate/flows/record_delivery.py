"""Record what became of a webhook. "Delivered" means received, nothing more; the obligation of a leg stays open."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from agegate.flows.escalate_leg import EscalateLeg
from agegate.flows.freeze_legs import GONE
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act
from agegate.rules.purge import PurgeState
from agegate.store.endpoints import mark_gone
from agegate.store.events import count_undelivered, mark_delivered
from agegate.store.purges import count_attempt, forget_subject_of, leg_by_id, mark_leg_delivered, purge_held
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RecordDelivery:
    """Each outcome may be recorded twice without harm."""

    audit: WriteAudit
    escalate: EscalateLeg

    def order_received(self, tx: Transaction, leg: str, now: datetime) -> None:
        """Notes that the holder has the order; an answer that overtook this is left alone."""
        count_attempt(tx, leg, None)
        mark_leg_delivered(tx, leg, now)
        if found := leg_by_id(tx, leg):
            about = About(found.service, None, found.purge_id)
            self.audit(tx, Act.LEG_DELIVERED, about, now, facts={"holder": found.holder})

    def order_failed(self, tx: Transaction, leg: str, error: str) -> None:
        """Counts the attempt and keeps the code of what went wrong."""
        count_attempt(tx, leg, error)

    def endpoint_gone(self, tx: Transaction, leg: str, holder_id: str, now: datetime) -> None:
        """Sends nothing more to that endpoint, and tells the operator; what the holder owes it goes on owing."""
        count_attempt(tx, leg, GONE)
        found = leg_by_id(tx, leg)
        if found is not None and mark_gone(tx, holder_id, now):
            self.audit(tx, Act.ENDPOINT_GONE, About(found.service, ref=found.holder), now)
            self.escalate.tell_operator(tx, found.service, now)

    def events_received(self, tx: Transaction, events: Collection[str], now: datetime) -> None:
        """Notes that services know; the last event of a finished purge takes the subject's name with it."""
        for purge in mark_delivered(tx, events, now):
            self.forget_when_done(tx, purge)

    @staticmethod
    def forget_when_done(tx: Transaction, purge: str) -> None:
        """Destroys the purge's key once the purge is completed, every event delivered and the last letter gone."""
        found = purge_held(tx, purge)
        if found is None or found.state != PurgeState.COMPLETED or found.sealed_letter is not None:
            return
        if count_undelivered(tx, purge) == 0:
            forget_subject_of(tx, purge)
