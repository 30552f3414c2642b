"""Tombstones that are due: write them into the ledger outside the database, then record that it has them."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from agegate.flows.record_tombstone import RecordTombstone
from agegate.store.ledger import Ledger
from agegate.store.records import AgendaItem
from agegate.store.store import Store
from agegate.store.tombstones import ledger_mark, waiting_tombstone
from agegate.worker.outcome import Done, Outcome


@dataclass(frozen=True, slots=True)
class Burial:
    """A ledger that cannot be written holds the certificate back, for as long as it takes."""

    store: Store
    ledger: Ledger
    record: RecordTombstone

    async def __call__(self, item: AgendaItem, now: datetime) -> Outcome:
        """Writes one tombstone, unless the ledger has it already."""
        known = await self.store.read(ledger_mark)
        stone = await self.store.read(lambda tx: waiting_tombstone(tx, item.ref))
        if stone is None:
            return Done(lambda tx: self.record(tx, item.ref, known, [], now))
        lines = await asyncio.to_thread(self.ledger.append, stone, known, now)
        return Done(lambda tx: self.record(tx, item.ref, known, lines, now))
