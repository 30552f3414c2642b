"""Look at purges: one with its legs, a page of them, or a certificate."""

from dataclasses import dataclass

from agegate.rules.errors import CertificateNotReady, PurgeUnknown
from agegate.store.purges import legs_of, purge_by_id, purges_after
from agegate.store.records import Purge, PurgeLeg
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class PurgeView:
    """A purge and its legs; neither names the subject."""

    purge: Purge
    legs: list[PurgeLeg]

    def for_holder(self, holder: str | None) -> "PurgeView":
        """What a holder's key may see: its own leg only."""
        if holder is None:
            return self
        return PurgeView(self.purge, [leg for leg in self.legs if leg.holder == holder])


def view_purge(tx: Transaction, service: str, purge: str) -> PurgeView | PurgeUnknown:
    """The purge, if it is one of that service."""
    found = purge_by_id(tx, purge)
    if found is None or found.service != service:
        return PurgeUnknown()
    return PurgeView(found, legs_of(tx, purge))


def list_purges(tx: Transaction, service: str, state: str | None, holder: str | None, cursor: str) -> list[PurgeView]:
    """A page of purges after the cursor; with a holder, those that wait for it."""
    return [PurgeView(purge, legs_of(tx, purge.id)) for purge in purges_after(tx, service, state, holder, cursor)]


def certificate(tx: Transaction, service: str, purge: str) -> str | PurgeUnknown | CertificateNotReady:
    """The signed certificate, once every leg is answered."""
    found = view_purge(tx, service, purge)
    if isinstance(found, PurgeUnknown):
        return found
    return found.purge.certificate or CertificateNotReady()
