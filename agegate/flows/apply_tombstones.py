"""Apply the ledger to a database that is older than it: purge again whatever a restored backup brought back.

Only what was created before its tombstone; who signed up anew afterwards stays. Each part is one transaction and may be
run again; the database counts as current once the last part is in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from agegate.flows.order_purge import OrderPurge
from agegate.rules.purge import PurgeReason
from agegate.store.digests import Digests
from agegate.store.ledger import Ledger, Line, Mark, Tombstone
from agegate.store.registry import read_registry
from agegate.store.tombstones import Named, move_mark, subjects_by_ids, unknown_lines
from agegate.store.transaction import Transaction

PART = 500


@dataclass(frozen=True, slots=True)
class Applied:
    """What it came to: tombstones that were new to this database, and subjects purged again."""

    tombstones: int
    purged: int


@dataclass(frozen=True, slots=True)
class ApplyTombstones:
    """Brings a database up to its ledger."""

    purge: OrderPurge
    digests: Digests
    ledger: Ledger

    def unknown(self, tx: Transaction, lines: Sequence[Line]) -> list[Line]:
        """The tombstones this database never heard of; none means that it is current."""
        return unknown_lines(tx, lines)

    def services(self, tx: Transaction, lines: Sequence[Line]) -> list[str]:
        """The services, known here, that the lines are about."""
        known = read_registry(tx).services
        return sorted({line.stone.service for line in lines} & known.keys())

    def part(self, tx: Transaction, service: str, lines: Sequence[Line], after: str, now: datetime) -> tuple[str, int]:
        """Purges again among the next subjects of a service: the last row looked at ('' at the end), and how many."""
        latest = {line.stone.digest: line.stone for line in lines if line.stone.service == service}
        page = subjects_by_ids(tx, service, after, PART)
        purged = 0
        for named, stone in self._matches(service, page, latest):
            self.purge(tx, service, named.subject, PurgeReason(stone.reason), now, again=stone)
            purged += 1
        return (page[-1].id if len(page) == PART else ""), purged

    def finish(self, tx: Transaction, known: Mark, lines: Sequence[Line]) -> bool:
        """Notes every line after a mark as known here; False when another process did so at this moment."""
        return move_mark(tx, known, lines)

    def _matches(
        self, service: str, page: Sequence[Named], latest: dict[str, Tombstone]
    ) -> Iterator[tuple[Named, Tombstone]]:
        for named in page:
            stone = latest.get(self.digests.tombstone(service, named.subject))
            if stone is not None and named.created_at <= stone.purged_at:
                yield named, stone
