"""Open a guardian's link: find the request it belongs to. Changes nothing; mail scanners open links too."""

from dataclasses import dataclass

from agegate.flows.request_consent import child_name_cell
from agegate.rules.consent import RequestState
from agegate.rules.errors import LinkUnknown
from agegate.signing.links import LinkKind, Links
from agegate.store.consents import receipt, request_by_id, request_by_link
from agegate.store.records import ConsentRequest, Service, Subject
from agegate.store.registry import find_service
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction
from agegate.store.vault import SealBroken, Vault

MANAGEABLE = frozenset({RequestState.GRANTED, RequestState.WITHDRAWN, RequestState.AGED_OUT})


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What a link is for, and the request it is for."""

    kind: LinkKind
    request: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with everything that a guardian's page tells."""

    request: ConsentRequest
    service: Service
    subject: Subject
    child_name: str | None
    receipt: str | None


@dataclass(frozen=True, slots=True)
class OpenLink:
    """From a link, or later from a cookie, to the request."""

    links: Links
    vault: Vault

    def __call__(self, tx: Transaction, link: str) -> OpenedLink | LinkUnknown:
        """The request of a link. Unknown, purged and misspelt links are all the same answer."""
        found = request_by_link(tx, self.links.digest(link))
        if found is None:
            return LinkUnknown()
        kind = next(each for each in LinkKind if link == self.links.link(each, found.id))
        if kind is LinkKind.MANAGE and found.state not in MANAGEABLE:
            return LinkUnknown()
        return OpenedLink(kind, found.id)

    def asked(self, tx: Transaction, request: str) -> Asked | LinkUnknown:
        """The facts of a request for its guardian's eyes."""
        found = request_by_id(tx, request)
        subject = subject_by_id(tx, found.subject_id) if found else None
        service = find_service(tx, found.service) if found else None
        if found is None or subject is None or service is None:
            return LinkUnknown()
        signed = receipt(tx, found.receipt_id) if found.receipt_id else None
        return Asked(found, service, subject, self._child_name(subject, found), signed)

    def _child_name(self, subject: Subject, request: ConsentRequest) -> str | None:
        try:
            key = self.vault.open_key(subject.id, subject.wrapped_key)
            return self.vault.open(key, child_name_cell(request.id), request.sealed_child_name)
        except SealBroken:
            return None
