"""Record that the ledger has a tombstone; the certificate of its purge may be signed only from then on.

Lines that other workers wrote meanwhile are noted along with it, so that the feed never has a gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.store import agenda
from agegate.store.ledger import Line, Mark
from agegate.store.tombstones import move_mark
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RecordTombstone:
    """The last step of a tombstone's way."""

    entropy: Entropy

    def __call__(self, tx: Transaction, purge: str, known: Mark, lines: Sequence[Line], now: datetime) -> bool:
        """False when somebody else recorded first: then the tombstone is looked at once more."""
        if not move_mark(tx, known, lines):
            agenda.put(tx, new_id(self.entropy, now), Due.TOMBSTONE, purge, now)
            return False
        # Whether every holder has answered is for the certificate itself to see.
        agenda.put(tx, new_id(self.entropy, now), Due.CERTIFICATE, purge, now)
        return True
