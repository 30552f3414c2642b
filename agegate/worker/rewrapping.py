"""Wraps data keys anew, a batch at a time, with pauses in which others write; a crash goes on where it stopped."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from agegate.flows.keep_epochs import RewrapKeys
from agegate.store.records import AgendaItem
from agegate.store.store import Store
from agegate.worker.outcome import Done, Later, Outcome

BATCHES = 100
PAUSE_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Rewrapping:
    """Some batches a claim, so that the lease outlasts them."""

    store: Store
    rewrap: RewrapKeys

    async def __call__(self, item: AgendaItem, now: datetime) -> Outcome:
        """Done once nothing is left under that epoch."""
        for _ in range(BATCHES):
            if not await self.store.write(lambda tx: self.rewrap(tx, item.ref, now)):
                return Done()
            await asyncio.sleep(PAUSE_SECONDS)
        return Later(now, "more")
