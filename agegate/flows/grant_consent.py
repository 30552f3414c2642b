"""What follows a guardian's final yes, whichever way it was reached: receipt, settling, the others, the telling."""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import new_id
from agegate.flows.announce import Announce, EventType
from agegate.flows.due import Due
from agegate.flows.settle_consent import SettleConsent
from agegate.flows.write_receipt import WriteReceipt
from agegate.rules.consent import RequestState
from agegate.store import agenda
from agegate.store.consents import request_by_id, settle_others
from agegate.store.records import ConsentRequest
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class GrantConsent:
    """Called once a request has moved to granted. Other questions are superseded, and their guardians told so."""

    receipt: WriteReceipt
    announce: Announce
    settle: SettleConsent

    def __call__(self, tx: Transaction, request: str, now: datetime) -> None:
        """Everything in the transaction of the yes."""
        granted = request_by_id(tx, request)
        if granted is None:
            return
        agenda.drop(tx, [granted.id])
        for other in settle_others(tx, granted.subject_id, RequestState.SUPERSEDED, now):
            self._superseded(tx, other, now)
        self.receipt(tx, granted, now)
        self.settle(tx, granted.subject_id, now)
        agenda.put(tx, new_id(self.announce.entropy, now), Due.RECEIPT_MAIL, granted.id, now)
        self._tell(tx, granted, EventType.CONSENT_GRANTED, now)

    def _superseded(self, tx: Transaction, row: str, now: datetime) -> None:
        agenda.drop(tx, [row])
        other = request_by_id(tx, row)
        if other is None:
            return
        self._tell(tx, other, EventType.CONSENT_SUPERSEDED, now)
        if other.mailed_at is not None:  # whoever was never asked learns nothing now either
            agenda.put(tx, new_id(self.announce.entropy, now), Due.SUPERSEDED_MAIL, other.id, now)

    def _tell(self, tx: Transaction, about: ConsentRequest, kind: EventType, now: datetime) -> None:
        self.announce(tx, about.service, kind, now, subject_id=about.subject_id, request_id=about.id)
