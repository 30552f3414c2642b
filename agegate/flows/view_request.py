"""Look at a consent request, or have its mail sent again."""

from dataclasses import dataclass, field
from datetime import datetime

from agegate.entropy import Entropy
from agegate.flows.due import Due
from agegate.flows.remind_guardian import write_again
from agegate.rules.consent import RequestState
from agegate.rules.errors import (
    AgeGateError,
    AlreadyAnswered,
    RequestUnknown,
    SubjectUnknown,
)
from agegate.store.consents import receipt_record, request_by_id
from agegate.store.records import ConsentRequest, Service
from agegate.store.subjects import find_subject
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as its service sees it, with the signed receipt once there is one."""

    request: ConsentRequest
    receipt: str | None
    entries: list[str] = field(default_factory=list)
    """What was signed after the receipt: a withdrawal, switched purposes."""


def view_request(
    tx: Transaction, service: Service, subject: str, request: str
) -> RequestView | SubjectUnknown | RequestUnknown:
    """The request, if it is one of that subject of that service."""
    held = find_subject(tx, service.name, subject)
    if held is None:
        return SubjectUnknown()
    found = request_by_id(tx, request)
    if found is None or found.subject_id != held.id:
        return RequestUnknown()
    record = receipt_record(tx, found.id)
    return RequestView(found, record[0] if record else None, record[1:])


@dataclass(frozen=True, slots=True)
class ResendMail:
    """Sends the same link again, within the limits; beyond them the answer is the same and nothing is sent."""

    entropy: Entropy

    def __call__(
        self, tx: Transaction, service: Service, subject: str, request: str, now: datetime
    ) -> RequestView | AgeGateError:
        """The request, its mail on the agenda again."""
        found = view_request(tx, service, subject, request)
        if isinstance(found, AgeGateError):
            return found
        if found.request.state != RequestState.PENDING:
            return AlreadyAnswered()
        write_again(tx, found.request, Due.REQUEST_MAIL, self.entropy, now)
        return found
