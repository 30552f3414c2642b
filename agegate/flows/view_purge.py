"""Look at purges: one with its legs, a page of them, or a certificate. A holder sees its own leg, and its order."""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.write_order import OrderFacts, WriteOrder
from agegate.rules.errors import CertificateNotReady, PurgeUnknown
from agegate.store.purges import legs_of, purge_by_id, purges_after
from agegate.store.records import Purge, PurgeLeg
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class PurgeView:
    """A purge and its legs; neither names the subject. Only the order, which is for one holder, does."""

    purge: Purge
    legs: list[PurgeLeg]
    order: OrderFacts | None = None


@dataclass(frozen=True, slots=True)
class ViewPurges:
    """What a key may see: all legs, or with a holder that one's own leg and what it is ordered."""

    orders: WriteOrder

    def one(
        self, tx: Transaction, service: str, purge: str, holder: str | None, now: datetime
    ) -> PurgeView | PurgeUnknown:
        """The purge, if it is one of that service."""
        found = view_purge(tx, service, purge)
        return found if isinstance(found, PurgeUnknown) else self._for(tx, found, holder, now)

    def inbox(
        self, tx: Transaction, service: str, state: str | None, holder: str, cursor: str, now: datetime
    ) -> list[PurgeView]:
        """A page of what waits for a holder, each with its order, for a holder that no webhook reaches."""
        return [self._for(tx, view, holder, now) for view in list_purges(tx, service, state, holder, cursor)]

    def _for(self, tx: Transaction, view: PurgeView, holder: str | None, now: datetime) -> PurgeView:
        if holder is None:
            return view
        own = [leg for leg in view.legs if leg.holder == holder]
        order = self.orders.fetched(tx, view.purge, own[0], now) if own else None
        return PurgeView(view.purge, own, order)


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
