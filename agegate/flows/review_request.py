"""Review a request whose guardian answers for many children already: a person approves the mail, or ends the question.

Until then nothing is sent, and the service that asked sees a question like any other. Only what waits is decided; the
first decision stands, and telling it again is the same as once.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.due import Due
from agegate.flows.end_undeliverable import EndUndeliverable
from agegate.flows.remind_guardian import write_again
from agegate.flows.view_request import RequestView, view_request
from agegate.flows.write_audit import About
from agegate.rules.audit import Act, of_operator
from agegate.rules.consent import Ended
from agegate.rules.errors import AgeGateError, AlreadyAnswered, OperatorUnknown, RequestUnknown
from agegate.store.consents import note_reviewed, request_by_id, request_held
from agegate.store.records import Service
from agegate.store.registry import has_person
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """An operator's word on one request."""

    end: EndUndeliverable

    def __call__(
        self, tx: Transaction, service: Service, subject: str, request: str, word: tuple[bool, str], now: datetime
    ) -> RequestView | AgeGateError:
        """The request as it is then; `word` is whether the mail may go, and who says so."""
        found = view_request(tx, service, subject, request)
        if isinstance(found, AgeGateError):
            return found
        return self._decide(tx, request, word, now) or view_request(tx, service, subject, request)

    def by_id(self, tx: Transaction, request: str, word: tuple[bool, str], now: datetime) -> RequestView | AgeGateError:
        """The same by the request's id alone, for the command line."""
        asked = request_by_id(tx, request)
        if asked is None:
            return RequestUnknown()
        if not has_person(tx, asked.service, word[1]):
            return OperatorUnknown()
        return self._decide(tx, request, word, now) or RequestView(request_by_id(tx, request) or asked, None)

    def _decide(self, tx: Transaction, request: str, word: tuple[bool, str], now: datetime) -> AgeGateError | None:
        approved, person = word
        if request_held(tx, request) is None:
            return RequestUnknown()
        if note_reviewed(tx, request, person, now) and (asked := request_by_id(tx, request)):
            act = Act.GUARDIAN_APPROVED if approved else Act.GUARDIAN_REFUSED
            about = About(asked.service, asked.subject_id, asked.id)
            self.end.announce.audit(tx, act, about, now, actor=of_operator(person))
            if approved:
                write_again(tx, asked, Due.REQUEST_MAIL, self.end.announce.entropy, now)
            else:
                self.end(tx, request, Ended.OPERATOR, now)
            return None
        asked = request_by_id(tx, request)
        same = asked is not None and asked.reviewed_at is not None and approved is (asked.ended_why != Ended.OPERATOR)
        return None if same else AlreadyAnswered()
