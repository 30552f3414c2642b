"""Record what became of a mail: sent, or undeliverable. The lease was checked before."""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.announce import Announce, EventType
from agegate.rules.consent import RequestState
from agegate.store import agenda
from agegate.store.consents import move_request, note_request, request_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RecordMail:
    """Both outcomes may be recorded twice without harm."""

    announce: Announce

    def sent(self, tx: Transaction, request: str, now: datetime) -> None:
        """Notes when the question left, for the limit on repeats."""
        note_request(tx, request, {"mailed_at": now})

    def undeliverable(self, tx: Transaction, request: str, now: datetime) -> None:
        """Ends the question and tells the service; the child may name another guardian until its own expiry."""
        if not move_request(tx, request, RequestState.UNDELIVERABLE, {"decided_at": now}):
            return
        agenda.drop(tx, [request])
        if asked := request_by_id(tx, request):
            kind = EventType.CONSENT_UNDELIVERABLE
            self.announce(tx, asked.service, kind, now, subject_id=asked.subject_id, request_id=request)
