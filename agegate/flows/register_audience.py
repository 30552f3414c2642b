"""Register who verifies a service's tokens, and what it may learn: thresholds, and whose name for the subject."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.rules.errors import HolderUnknown, ServiceUnknown
from agegate.store.registry import aim_holder, find_service
from agegate.store.status_entries import add_audience, change_audience
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RegisterAudience:
    """Adds or changes; what is given stands in full, so that a threshold can be taken away again."""

    entropy: Entropy

    def __call__(
        self, tx: Transaction, service: str, name: str, over: Collection[int], now: datetime, *, pairwise: bool
    ) -> bool | ServiceUnknown:
        """True when it is new. Tokens follow within a second."""
        if find_service(tx, service) is None:
            return ServiceUnknown()
        facts: dict[str, object] = {"over": sorted(set(over)), "pairwise": pairwise}
        if change_audience(tx, service, name, facts):
            return False
        row = {"id": new_id(self.entropy, now), "service": service, "name": name, "created_at": now}
        add_audience(tx, facts | row)
        return True


def aim(tx: Transaction, service: str, holder: str, audience: str) -> HolderUnknown | None:
    """Lets the orders to a holder name subjects as that audience knows them."""
    return None if aim_holder(tx, service, holder, audience) else HolderUnknown()
