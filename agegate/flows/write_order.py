"""Write the order to one holder: the message and, in it, the signed `purge-order+jwt` it may keep as proof.

Reads and signs only. The signature differs per attempt, what it says does not; sent or fetched, it says the same.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.clock import rfc3339
from agegate.flows.order_purge import subject_cell
from agegate.rules.purge import ANSWERED_LEG
from agegate.signing.strict_jws import JsonValue
from agegate.signing.verify import Kind
from agegate.store.digests import Digests
from agegate.store.endpoints import gone_endpoints
from agegate.store.key_book import KeyBook
from agegate.store.purges import leg_by_id, purge_by_id
from agegate.store.records import Holder, Purge, PurgeLeg
from agegate.store.registry import holders_of
from agegate.store.status_entries import find_audience
from agegate.store.transaction import Transaction
from agegate.store.vault import Cell, Vault

OrderFacts = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Order:
    """An order ready to be delivered."""

    url: str
    secret: str
    body: OrderFacts
    holder_id: str


@dataclass(frozen=True, slots=True)
class WriteOrder:
    """From a leg to what its holder receives."""

    vault: Vault
    digests: Digests
    keys: KeyBook
    issuer: str

    def __call__(self, tx: Transaction, leg_id: str, now: datetime) -> Order | None:
        """The order; None when the leg is answered already, or there is no address to send it to."""
        leg = leg_by_id(tx, leg_id)
        purge = purge_by_id(tx, leg.purge_id) if leg else None
        holder = _holder_of(tx, leg) if leg else None
        if leg is None or purge is None or holder is None or leg.state in ANSWERED_LEG:
            return None
        if not holder.url or holder.id in gone_endpoints(tx):
            return None
        secret = self.vault.open(self.vault.own, holder_cell(holder.id), holder.sealed_secret)
        facts = self._facts(tx, purge, leg, holder, now)
        body: OrderFacts = {"type": "purge.requested", "timestamp": rfc3339(purge.ordered_at), "data": facts}
        return Order(holder.url, secret, body, holder.id)

    def fetched(self, tx: Transaction, purge: Purge, leg: PurgeLeg, now: datetime) -> OrderFacts | None:
        """What a holder that asks for its orders is told; None when its leg is answered."""
        holder = _holder_of(tx, leg)
        if holder is None or leg.state in ANSWERED_LEG:
            return None
        return self._facts(tx, purge, leg, holder, now)

    def _facts(self, tx: Transaction, purge: Purge, leg: PurgeLeg, holder: Holder, now: datetime) -> OrderFacts:
        key = self.vault.open_key(purge.id, purge.wrapped_key)
        subject = self.vault.open(key, subject_cell(purge.id), purge.sealed_subject)
        known = find_audience(tx, leg.service, holder.audience) if holder.audience else None
        if known is not None and known.pairwise:
            subject = self.digests.pairwise(leg.service, known.name, subject)
        facts: OrderFacts = {"purge": purge.id, "reason": purge.reason, "due_at": rfc3339(leg.due_at)}
        if leg.categories:
            facts["categories"] = [*leg.categories]
        order: OrderFacts = {**facts, "aud": leg.holder, "sub": subject, "jti": leg.id, "iat": int(now.timestamp())}
        return {
            **facts,
            "subject": subject,
            "holder": leg.holder,
            "confirm_url": f"{self.issuer}/v1/purges/{purge.id}/legs/{leg.holder}",
            "order": self.keys.signer_in(tx, now).sign(Kind.PURGE_ORDER, order),
        }


def _holder_of(tx: Transaction, leg: PurgeLeg) -> Holder | None:
    return next((holder for holder in holders_of(tx, leg.service) if holder.name == leg.holder), None)


def holder_cell(row: str) -> Cell:
    """Where a holder's webhook secret is sealed, under the installation's own key."""
    return Cell("holders", "sealed_secret", row)
