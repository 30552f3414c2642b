"""Record what became of a mail: sent, or undeliverable. The lease was checked before."""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.end_undeliverable import EndUndeliverable
from agegate.flows.record_delivery import RecordDelivery
from agegate.rules.consent import Ended
from agegate.store.consents import note_request
from agegate.store.purges import clear_letter
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RecordMail:
    """Each outcome may be recorded twice without harm."""

    end: EndUndeliverable

    def sent(self, tx: Transaction, request: str, now: datetime) -> None:
        """Notes when the question left, for the limit on repeats."""
        note_request(tx, request, {"mailed_at": now})

    def undeliverable(self, tx: Transaction, request: str, now: datetime) -> None:
        """Ends the question and tells the service; the child may name another guardian until its own expiry."""
        self.end(tx, request, Ended.BOUNCED, now)

    @staticmethod
    def last(tx: Transaction, purge: str) -> None:
        """Forgets the last letter, sent or not, and with it what was left of the guardian."""
        clear_letter(tx, purge)
        RecordDelivery.forget_when_done(tx, purge)
