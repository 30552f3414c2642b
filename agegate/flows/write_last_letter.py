"""Write the last letter to a guardian, from what its purge kept sealed: the data was deleted, or is being deleted.

Reads only; clearing what was kept is `record_mail.py`'s business.
"""

from dataclasses import dataclass
from typing import TypedDict

from agegate.entropy import born_at
from agegate.flows.last_letter import LastLetter, letter_cell
from agegate.flows.rule_book import RuleBook
from agegate.rules.purge import LegState
from agegate.store.purges import legs_of, purge_by_id
from agegate.store.records import AgendaItem, Purge, Service
from agegate.store.registry import find_service
from agegate.store.transaction import Transaction
from agegate.store.vault import SealBroken, Vault
from notifications.addresses import message_id_for
from notifications.consent_letters import DeletionBegun, DeletionConfirmed
from notifications.letters import Controller


class Envelope(TypedDict):
    """What both letters hold. There is no way out in them, since nothing is left that could be stopped."""

    recipient: str
    message_id: str
    locale: str
    product: str
    controller: Controller
    policy_url: str
    policy_version: str
    complaint_route: str


@dataclass(frozen=True, slots=True)
class WriteLastLetter:
    """From a purge to the letter that ends it for the guardian."""

    rules: RuleBook
    vault: Vault
    sender: str

    def __call__(self, tx: Transaction, item: AgendaItem) -> DeletionConfirmed | DeletionBegun | None:
        """The letter as things stand; None when none is kept."""
        purge = purge_by_id(tx, item.ref)
        service = find_service(tx, purge.service) if purge else None
        kept = self._kept(purge) if purge else None
        if purge is None or service is None or kept is None:
            return None
        envelope = self._envelope(service, kept, item)
        if purge.completed_at is None:
            return DeletionBegun(**envelope, sent_at=born_at(item.id), withdrawn_at=kept.withdrawn_at)
        return DeletionConfirmed(
            **envelope,
            sent_at=purge.completed_at,
            withdrawn_at=kept.withdrawn_at,
            deleted_at=purge.completed_at,
            certificate=purge.id,
            unconfirmed=any(leg.state == LegState.UNREACHABLE for leg in legs_of(tx, purge.id)),
        )

    def _kept(self, purge: Purge) -> LastLetter | None:
        if purge.sealed_letter is None or purge.wrapped_key is None:
            return None
        try:
            key = self.vault.open_key(purge.id, purge.wrapped_key)
            return LastLetter.read(self.vault.open(key, letter_cell(purge.id), purge.sealed_letter))
        except SealBroken:
            return None

    def _envelope(self, service: Service, kept: LastLetter, item: AgendaItem) -> Envelope:
        controller = service.controller_name or "", service.controller_address or "", service.controller_contact or ""
        terms = self.rules.profile(service.profile).terms(kept.locale)
        return {
            "recipient": kept.to,
            "message_id": message_id_for(f"{item.ref}.last.{item.id}", self.sender),
            "locale": kept.locale,
            "product": service.name,
            "controller": Controller(*controller),
            "policy_url": terms.policy_url,
            "policy_version": kept.policy_version,
            "complaint_route": terms.complaint_route,
        }
