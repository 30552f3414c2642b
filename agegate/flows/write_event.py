"""Write what a service is told: the body of an event, with the subject's name while it may still be named.

Reads only; the same event gives the same bytes for as long as its subject is known.
"""

from dataclasses import dataclass

from agegate.clock import rfc3339
from agegate.flows.announce import EventType
from agegate.flows.order_purge import subject_cell
from agegate.flows.report_seals import account_cell, open_case_key
from agegate.store.events import event_by_id, events_after
from agegate.store.records import Event
from agegate.store.reports import report_by_id
from agegate.store.transaction import Transaction
from agegate.store.vault import Cell, SealBroken, Vault

EventBody = dict[str, str | dict[str, str]]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event ready to be delivered to its service's webhook."""

    url: str
    secret: str
    body: EventBody


@dataclass(frozen=True, slots=True)
class WriteEvent:
    """From an event row to what leaves the house."""

    vault: Vault

    def outgoing(self, tx: Transaction, event: str) -> Outgoing | None:
        """The delivery of an event; None when the service has no webhook any more."""
        found = event_by_id(tx, event)
        if found is None or found.webhook_url is None:
            return None
        secret = self.vault.open(self.vault.own, webhook_cell(found.service), found.sealed_webhook_secret)
        return Outgoing(found.webhook_url, secret, self.body(tx, found))

    def page(self, tx: Transaction, service: str, cursor: int) -> list[tuple[int, str, EventBody]]:
        """A page of a service's events after a position: position, id, body."""
        return [(event.seq, event.id, self.body(tx, event)) for event in events_after(tx, service, cursor)]

    def body(self, tx: Transaction, event: Event) -> EventBody:
        """Type, time, and what the event is about."""
        about = {
            "subject": self._subject(event),
            "consent_request": event.request_id,
            "purge": event.purge_id,
            "report": event.report_id,
            "account": self._account(tx, event),
            "holder": event.holder,
        }
        known = {name: value for name, value in about.items() if value is not None}
        return {"type": event.type, "timestamp": rfc3339(event.occurred_at), "data": known}

    def _subject(self, event: Event) -> str | None:
        if event.subject is not None or event.purge_id is None:
            return event.subject
        try:
            key = self.vault.open_key(event.purge_id, event.purge_key)
            return self.vault.open(key, subject_cell(event.purge_id), event.sealed_subject)
        except SealBroken:
            return None

    def _account(self, tx: Transaction, event: Event) -> str | None:
        """The name by which a reporter knows the account, for as long as the service has to say whose it is."""
        named = event.type == EventType.REPORT_RECEIVED and event.report_id is not None
        report = report_by_id(tx, event.report_id) if named and event.report_id else None
        if report is None or report.sealed_account is None:
            return None
        try:
            return self.vault.open(open_case_key(self.vault, report), account_cell(report.id), report.sealed_account)
        except SealBroken:
            return None


def webhook_cell(service: str) -> Cell:
    """Where a service's webhook secret is sealed, under the installation's own key."""
    return Cell("services", "sealed_webhook_secret", service)
