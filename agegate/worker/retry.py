"""When to try again: the schedule of the rules, with jitter so that many failures do not come back together."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agegate.entropy import Entropy
from agegate.rules.schedule import next_attempt_after
from agegate.store.records import AgendaItem

LONGEST_WISH = timedelta(days=1)
"""A remote may ask for patience (`Retry-After`), but not for more than this."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Turns attempts into an instant; an obligation has no last attempt."""

    entropy: Entropy

    def after(self, item: AgendaItem, now: datetime, wish: timedelta | None = None) -> datetime:
        """The next try; never sooner than the remote asked for."""
        jitter = int.from_bytes(self.entropy(2), "big") / 0xFFFF
        wait = next_attempt_after(item.attempts, jitter, obligation=True) or timedelta(0)
        return now + max(wait, min(wish or timedelta(0), LONGEST_WISH))
