"""What one scrape answers: this process's numbers, its siblings', and the facts of the database.

Owns that a scrape costs the database one cheap read in five seconds at most, however often it is asked, and that a
database that is away delays nobody: then its being away is what is told.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from agegate.clock import Clock
from agegate.store.facts import Facts, read_facts
from agegate.store.line import StoreUnavailable
from agegate.store.store import Store
from agegate.store.tally import Event
from agegate.telemetry.readings import Reading
from agegate.telemetry.requests import Requests
from agegate.telemetry.shared import Shared, shared_folder

FRESH_FOR = timedelta(seconds=5)
PATIENCE_SECONDS = 3.0


def none_dropped() -> int:
    """Where no log is written, none is lost."""
    return 0


class Scrape:
    """Answers from an event loop (`await scrape(accept)`) and from a thread (`scrape.now(accept)`)."""

    def __init__(
        self, store: Store, clock: Clock, requests: Requests, dropped: Callable[[], int] = none_dropped
    ) -> None:
        self._store, self._clock, self._requests, self._dropped = store, clock, requests, dropped
        self._known: tuple[Facts | None, datetime] | None = None
        folder = shared_folder()
        self._shared = Shared(folder, self.own) if folder else None

    async def __call__(self, accept: str) -> tuple[bytes, str]:
        """The text and its media type."""
        now = self._clock()
        if not self._is_fresh(now):
            facts: Facts | None = None
            try:
                facts = await asyncio.wait_for(self._store.read(partial(read_facts, now=now)), PATIENCE_SECONDS)
            except (StoreUnavailable, TimeoutError):
                facts = None
            self._known = facts, now
        return self._told(accept)

    def now(self, accept: str) -> tuple[bytes, str]:
        """The same for a caller that may block."""
        now = self._clock()
        if not self._is_fresh(now):
            facts: Facts | None = None
            try:
                facts = self._store.read_now(partial(read_facts, now=now), PATIENCE_SECONDS)
            except (StoreUnavailable, TimeoutError):
                facts = None
            self._known = facts, now
        return self._told(accept)

    def own(self) -> Reading:
        """The numbers of this process alone."""
        counts: dict[Event, float] = dict(self._store.tally.snapshot())
        counts["unavailable",] = self._requests.unavailable()
        counts["log_lines_dropped",] = self._dropped()
        spreads = self._requests.spreads()
        levels: dict[Event, float] = {("processes",): 1.0}
        for line in self._store.lines:
            spreads["batch_units", line.batches.line] = line.batches.spread.copy()
            for lane, waiting in line.waiting().items():
                levels["units_waiting", line.batches.line, lane] = waiting
        return Reading(counts, spreads, levels)

    def close(self) -> None:
        """Leaves the last numbers for the siblings."""
        if self._shared is not None:
            self._shared.close()

    def _is_fresh(self, now: datetime) -> bool:
        return self._known is not None and timedelta(0) <= now - self._known[1] < FRESH_FOR

    def _told(self, accept: str) -> tuple[bytes, str]:
        from agegate.telemetry.exposition import exposition  # late: its library is loaded where somebody scrapes

        others = self._shared.others() if self._shared else ()
        return exposition(Reading.sum_of((self.own(), *others)), self._known[0] if self._known else None, accept)
