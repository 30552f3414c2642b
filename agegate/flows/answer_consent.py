"""Take a guardian's answer: exactly one counts, and it is told to whoever came second.

A grant signs the receipt, settles the subject when the minor's assent is there too, and makes other questions
superseded. A refusal settles every question and purges at once what was collected for the consent.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.announce import Announce, EventType
from agegate.flows.due import Due
from agegate.flows.order_purge import OrderPurge
from agegate.flows.settle_consent import settle_consent
from agegate.flows.write_receipt import WriteReceipt
from agegate.rules.consent import ANSWERED, Answer, RequestState
from agegate.rules.errors import AgeGateError, AlreadyAnswered, LinkUnknown, RequestExpired
from agegate.rules.purge import PurgeReason
from agegate.store import agenda
from agegate.store.consents import move_request, request_by_id, settle_others
from agegate.store.records import ConsentRequest
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class AnswerConsent:
    """The one way a pending request becomes granted or declined."""

    receipt: WriteReceipt
    purge: OrderPurge
    announce: Announce
    entropy: Entropy

    def __call__(self, tx: Transaction, request: str, answer: Answer, now: datetime) -> RequestState | AgeGateError:
        """The state it now has, or why the answer no longer counts. The same answer twice is the same."""
        if not move_request(tx, request, ANSWERED[answer], {"decided_at": now}, before=now):
            return self._too_late(tx, request, answer, now)
        asked = request_by_id(tx, request)
        if asked is None:
            return LinkUnknown()
        agenda.drop(tx, [request])
        if answer is Answer.GRANT:
            self._granted(tx, asked, now)
        else:
            self._declined(tx, asked, now)
        return ANSWERED[answer]

    def _granted(self, tx: Transaction, asked: ConsentRequest, now: datetime) -> None:
        settle_others(tx, asked.subject_id, RequestState.SUPERSEDED, now)
        self.receipt(tx, asked, now)
        settle_consent(tx, asked.subject_id, now)
        agenda.put(tx, new_id(self.entropy, now), Due.RECEIPT_MAIL, asked.id, now)
        self._tell(tx, asked, EventType.CONSENT_GRANTED, now)

    def _declined(self, tx: Transaction, asked: ConsentRequest, now: datetime) -> None:
        settle_others(tx, asked.subject_id, RequestState.DECLINED, now)
        self._tell(tx, asked, EventType.CONSENT_DECLINED, now)
        if subject := subject_by_id(tx, asked.subject_id):
            self.purge(tx, subject.service, subject.subject, PurgeReason.CONSENT_DECLINED, now)

    def _tell(self, tx: Transaction, asked: ConsentRequest, kind: EventType, now: datetime) -> None:
        self.announce(tx, asked.service, kind, now, subject_id=asked.subject_id, request_id=asked.id)

    @staticmethod
    def _too_late(tx: Transaction, request: str, answer: Answer, now: datetime) -> RequestState | AgeGateError:
        found = request_by_id(tx, request)
        if found is None:
            return LinkUnknown()
        if found.state == ANSWERED[answer]:
            return ANSWERED[answer]
        if found.state == RequestState.EXPIRED or (found.state == RequestState.PENDING and found.expires_at <= now):
            return RequestExpired()
        return AlreadyAnswered()
