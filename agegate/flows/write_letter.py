"""Write the letter that is due: open the sealed address, gather what a guardian must be told, derive the links.

Reads only. The letter is the same on every retry: its Message-ID, date and links follow from the request and the item
of the agenda. When one is due was decided by whoever put it there; here it is only left out where it became untrue.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from agegate.entropy import born_at
from agegate.flows.open_link import Asked, OpenLink
from agegate.flows.request_consent import guardian_cell
from agegate.flows.rule_book import RuleBook
from agegate.flows.show_receipt import show_receipt
from agegate.rules.consent import RequestState
from agegate.rules.errors import LinkUnknown
from agegate.rules.notice_terms import NoticeTerms
from agegate.rules.switches import DISCLOSURE
from agegate.signing.letter_names import LetterKind, LetterNames
from agegate.signing.links import LinkKind, Links
from agegate.store.records import AgendaItem
from agegate.store.transaction import Transaction
from agegate.store.vault import Vault
from notifications.addresses import message_id_for
from notifications.consent_letters import (
    ComingOfAge,
    Confirmation,
    ConsentQuestion,
    ConsentReceipt,
    ManageLink,
    Reminder,
    Superseded,
    WithdrawalNote,
)
from notifications.letters import Controller, Purpose

PENDING = frozenset({RequestState.PENDING})
CONFIRMING = frozenset({RequestState.CONFIRMING})
SUPERSEDED = frozenset({RequestState.SUPERSEDED})
ANY = frozenset(RequestState)
LIVE = frozenset({RequestState.GRANTED})
WITHDRAWN = frozenset({RequestState.WITHDRAWN})


class Envelope(TypedDict):
    """What every letter of ours holds."""

    recipient: str
    message_id: str
    bounce_name: str
    sent_at: datetime
    locale: str
    product: str
    controller: Controller
    policy_url: str
    policy_version: str
    complaint_route: str
    stop_link: str


@dataclass(frozen=True, slots=True)
class WriteLetter:
    """From the request that an item names to each letter about it; None when there is nothing true to say any more."""

    rules: RuleBook
    vault: Vault
    open_link: OpenLink
    links: Links
    names: LetterNames
    issuer: str
    sender: str

    def question(self, tx: Transaction, item: AgendaItem) -> ConsentQuestion | None:
        """The question to the guardian, while it is open and may be asked."""
        asked = self._asked(tx, item, PENDING)
        if asked is None or asked.request.mail_hold:
            return None
        terms = self._terms(asked)
        return ConsentQuestion(
            **self._envelope(asked, LetterKind.QUESTION, item),
            link=self._address(LinkKind.ANSWER, item.ref),
            expires_at=asked.request.expires_at,
            purposes=tuple(
                Purpose(each.title, each.categories, each.retention, each.required) for each in terms.purposes
            ),
            recipients=terms.recipients,
            storage_places=terms.storage_places,
            child_first_name=asked.child_name,
        )

    def reminder(self, tx: Transaction, item: AgendaItem) -> Reminder | None:
        """The same question once more, in short."""
        asked = self._asked(tx, item, PENDING)
        if asked is None or asked.request.mail_hold:
            return None
        return Reminder(
            **self._envelope(asked, LetterKind.REMINDER, item),
            link=self._address(LinkKind.ANSWER, item.ref),
            expires_at=asked.request.expires_at,
        )

    def confirmation(self, tx: Transaction, item: AgendaItem) -> Confirmation | None:
        """The second mail, by which alone a yes becomes final."""
        asked = self._asked(tx, item, CONFIRMING)
        if asked is None:
            return None
        return Confirmation(
            **self._envelope(asked, LetterKind.CONFIRMATION, item, asked.request.confirm_at),
            link=self._address(LinkKind.CONFIRM, item.ref),
            expires_at=asked.request.expires_at,
        )

    def receipt(self, tx: Transaction, item: AgendaItem) -> ConsentReceipt | None:
        """The confirmation of a grant, with the signed receipt; also when it was withdrawn meanwhile."""
        asked = self._asked(tx, item, ANY)
        if asked is None or asked.receipt is None or asked.request.decided_at is None:
            return None
        given, shown = asked.request.purposes_given or (), show_receipt(tx, item.ref, asked.request.locale)
        purposes, discloses = self._terms(asked).purposes, self.rules.profile(asked.service.profile).discloses
        return ConsentReceipt(
            **self._envelope(asked, LetterKind.NOTICE, item),
            granted_at=asked.request.decided_at,
            agreed=tuple(each.title for each in purposes if each.required or each.id in given),
            refused=tuple(each.title for each in purposes if not (each.required or each.id in given)),
            disclosure=DISCLOSURE in given if discloses else None,
            manage_link=self._address(LinkKind.MANAGE, item.ref),
            receipt=asked.receipt,
            page=shown.html if shown else "",
        )

    def superseded(self, tx: Transaction, item: AgendaItem) -> Superseded | None:
        """To a guardian whose question another one answered; a refusal is still possible."""
        asked = self._asked(tx, item, SUPERSEDED)
        if asked is None or asked.request.mailed_at is None:
            return None  # whoever was never asked need not hear that somebody else answered
        return Superseded(
            **self._envelope(asked, LetterKind.NOTICE, item), link=self._address(LinkKind.ANSWER, item.ref)
        )

    def withdrawn(self, tx: Transaction, item: AgendaItem) -> WithdrawalNote | None:
        """What a withdrawal does and when."""
        asked = self._asked(tx, item, WITHDRAWN)
        if asked is None:
            return None
        ended = asked.request.ended_at or asked.request.decided_at or asked.request.created_at
        return WithdrawalNote(
            **self._envelope(asked, LetterKind.NOTICE, item),
            withdrawn_at=ended,
            deletion_due_at=asked.request.delete_at or ended,
            manage_link=self._address(LinkKind.MANAGE, item.ref),
        )

    def coming_of_age(self, tx: Transaction, item: AgendaItem) -> ComingOfAge | None:
        """About a month before the person decides alone."""
        asked = self._asked(tx, item, LIVE)
        if asked is None:
            return None
        return ComingOfAge(
            **self._envelope(asked, LetterKind.NOTICE, item),
            manage_link=self._address(LinkKind.MANAGE, item.ref),
        )

    def manage_link(self, tx: Transaction, item: AgendaItem) -> ManageLink | None:
        """The way back to the guardian's page."""
        asked = self._asked(tx, item, LIVE)
        if asked is None:
            return None
        return ManageLink(
            **self._envelope(asked, LetterKind.NOTICE, item),
            manage_link=self._address(LinkKind.MANAGE, item.ref),
        )

    def _asked(self, tx: Transaction, item: AgendaItem, states: Collection[RequestState]) -> Asked | None:
        asked = self.open_link.asked(tx, item.ref)
        return None if isinstance(asked, LinkUnknown) or asked.request.state not in states else asked

    def _terms(self, asked: Asked) -> NoticeTerms:
        return self.rules.profile(asked.service.profile).terms(asked.request.locale)

    def _envelope(self, asked: Asked, letter: LetterKind, item: AgendaItem, at: datetime | None = None) -> Envelope:
        service, request, terms = asked.service, asked.request, self._terms(asked)
        key = self.vault.open_key(asked.subject.id, asked.subject.wrapped_key)
        controller = service.controller_name or "", service.controller_address or "", service.controller_contact or ""
        name = self.names.name(letter, request.id)
        return {
            "recipient": self.vault.open(key, guardian_cell(request.id), request.sealed_guardian),
            "message_id": message_id_for(f"{name}.{item.id}", self.sender),
            "bounce_name": name,
            "sent_at": at or born_at(item.id),
            "locale": request.locale,
            "product": service.name,
            "controller": Controller(*controller),
            "policy_url": terms.policy_url,
            "policy_version": request.policy_version,
            "complaint_route": terms.complaint_route,
            "stop_link": self._address(LinkKind.STOP, request.id),
        }

    def _address(self, kind: LinkKind, request: str) -> str:
        return f"{self.issuer}/g/{self.links.link(kind, request)}"
