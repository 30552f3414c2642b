"""Write the order to one holder: the webhook's body and, in it, the signed `purge-order+jwt` it may keep as proof.

Reads and signs only. The signature differs per attempt, what it says does not.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.clock import rfc3339
from agegate.flows.order_purge import subject_cell
from agegate.rules.purge import ANSWERED_LEG
from agegate.signing.signer import Signer
from agegate.signing.verify import Kind
from agegate.store.digests import Digests
from agegate.store.key_book import KeyBook
from agegate.store.purges import leg_by_id, purge_by_id
from agegate.store.records import Purge, PurgeLeg
from agegate.store.registry import holders_of
from agegate.store.status_entries import find_audience
from agegate.store.transaction import Transaction
from agegate.store.vault import Cell, Vault

OrderBody = dict[str, str | dict[str, str]]


@dataclass(frozen=True, slots=True)
class Order:
    """An order ready to be delivered."""

    url: str
    secret: str
    body: OrderBody


@dataclass(frozen=True, slots=True)
class WriteOrder:
    """From a leg to what its holder receives."""

    vault: Vault
    digests: Digests
    keys: KeyBook
    issuer: str

    def __call__(self, tx: Transaction, leg_id: str, now: datetime) -> Order | None:
        """The order; None when the leg is answered already."""
        leg = leg_by_id(tx, leg_id)
        purge = purge_by_id(tx, leg.purge_id) if leg else None
        if leg is None or purge is None or leg.state in ANSWERED_LEG:
            return None
        holder = next((holder for holder in holders_of(tx, leg.service) if holder.name == leg.holder), None)
        if holder is None:
            return None
        secret = self.vault.open(self.vault.own, holder_cell(holder.id), holder.sealed_secret)
        signer = self.keys.signer_in(tx, now)
        key = self.vault.open_key(purge.id, purge.wrapped_key)
        subject = self.vault.open(key, subject_cell(purge.id), purge.sealed_subject)
        known = find_audience(tx, leg.service, holder.audience) if holder.audience else None
        if known is not None and known.pairwise:
            subject = self.digests.pairwise(leg.service, known.name, subject)
        return Order(holder.url, secret, self._body(signer, purge, leg, subject, now))

    def _body(self, signer: Signer, purge: Purge, leg: PurgeLeg, subject: str, now: datetime) -> OrderBody:
        facts = {"purge": purge.id, "reason": purge.reason, "due_at": rfc3339(leg.due_at)}
        order: dict[str, str | int] = {**facts, "aud": leg.holder, "sub": subject, "jti": leg.id}
        order["iat"] = int(now.timestamp())
        return {
            "type": "purge.requested",
            "timestamp": rfc3339(purge.ordered_at),
            "data": {
                **facts,
                "subject": subject,
                "holder": leg.holder,
                "confirm_url": f"{self.issuer}/v1/purges/{purge.id}/legs/{leg.holder}",
                "order": signer.sign(Kind.PURGE_ORDER, order),
            },
        }


def holder_cell(row: str) -> Cell:
    """Where a holder's webhook secret is sealed, under the installation's own key."""
    return Cell("holders", "sealed_secret", row)
