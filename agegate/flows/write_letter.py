"""Write the letter that is due: open the sealed address, gather what a guardian must be told, derive the link.

Reads only. The letter is the same on every retry: its Message-ID, date and link follow from the request.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from agegate.flows.open_link import Asked, OpenLink
from agegate.flows.request_consent import guardian_cell
from agegate.flows.rule_book import RuleBook
from agegate.rules.consent import RequestState
from agegate.rules.errors import LinkUnknown
from agegate.rules.profile import Profile
from agegate.signing.links import LinkKind, Links
from agegate.store.transaction import Transaction
from agegate.store.vault import Vault
from notifications.addresses import message_id_for
from notifications.consent_letters import ConsentQuestion, ConsentReceipt
from notifications.letters import Controller, Purpose


class Envelope(TypedDict):
    """What every letter of ours holds."""

    recipient: str
    message_id: str
    sent_at: datetime
    locale: str
    product: str
    controller: Controller
    policy_url: str
    policy_version: str
    complaint_route: str


@dataclass(frozen=True, slots=True)
class WriteLetter:
    """From a consent request to the letter about it; None when there is nothing to send any more."""

    rules: RuleBook
    vault: Vault
    open_link: OpenLink
    links: Links
    issuer: str
    sender: str

    def question(self, tx: Transaction, request: str) -> ConsentQuestion | None:
        """The question to the guardian, while it is open."""
        asked = self.open_link.asked(tx, request)
        if isinstance(asked, LinkUnknown) or asked.request.state != RequestState.PENDING:
            return None
        profile = self.rules.profile(asked.service.profile)
        terms = profile.terms(asked.request.locale)
        return ConsentQuestion(
            **self._envelope(asked, profile, "question", asked.request.created_at),
            link=self._address(LinkKind.ANSWER, request),
            expires_at=asked.request.expires_at,
            purposes=tuple(
                Purpose(each.title, each.categories, each.retention, each.required) for each in terms.purposes
            ),
            recipients=terms.recipients,
            storage_places=terms.storage_places,
            child_first_name=asked.child_name,
        )

    def receipt(self, tx: Transaction, request: str) -> ConsentReceipt | None:
        """The confirmation of a grant, with the signed receipt; also when it was withdrawn meanwhile."""
        asked = self.open_link.asked(tx, request)
        if isinstance(asked, LinkUnknown) or asked.receipt is None or asked.request.decided_at is None:
            return None
        profile = self.rules.profile(asked.service.profile)
        purposes = profile.terms(asked.request.locale).purposes
        return ConsentReceipt(
            **self._envelope(asked, profile, "receipt", asked.request.decided_at),
            granted_at=asked.request.decided_at,
            agreed=tuple(each.title for each in purposes if each.required),
            refused=tuple(each.title for each in purposes if not each.required),
            manage_link=self._address(LinkKind.MANAGE, request),
            receipt=asked.receipt,
        )

    def _envelope(self, asked: Asked, profile: Profile, letter: str, sent_at: datetime) -> Envelope:
        service, request = asked.service, asked.request
        terms = profile.terms(request.locale)
        key = self.vault.open_key(asked.subject.id, asked.subject.wrapped_key)
        return {
            "recipient": self.vault.open(key, guardian_cell(request.id), request.sealed_guardian),
            "message_id": message_id_for(f"{request.id}.{letter}", self.sender),
            "sent_at": sent_at,
            "locale": request.locale,
            "product": service.name,
            "controller": Controller(
                service.controller_name or "",
                service.controller_address or "",
                service.controller_contact or "",
            ),
            "policy_url": terms.policy_url,
            "policy_version": request.policy_version,
            "complaint_route": terms.complaint_route,
        }

    def _address(self, kind: LinkKind, request: str) -> str:
        return f"{self.issuer}/g/{self.links.link(kind, request)}"
