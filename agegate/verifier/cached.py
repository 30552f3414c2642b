"""One document of the issuer, kept close: fetched seldom, once at a time, and used a while longer in an outage.

Owns freshness, the single flight and the pause between fetches. Leaves HTTP to `fetching`, and what the document says
and how long it counts to its reader. Keeps nothing on disk.
"""

import asyncio
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from agegate.signing.verify import TokenRefused
from agegate.verifier.fetching import FetchFailed, Reply, fetch

T = TypeVar("T")
OK = 200
MAX_AGE = re.compile(r"(?:^|[\s,])max-age=([0-9]{1,9})(?:$|[\s,])", re.ASCII)
FIRST_PAUSE = timedelta(seconds=1)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held(Generic[T]):
    """A document that was read, with its dates: good until, and bearable until."""

    document: T
    fresh_until: datetime
    stale_until: datetime


@dataclass(slots=True)
class Cached(Generic[T]):
    """Shared by threads and event loops. Every decision takes the instant as a value.

    `pause` lies between two fetches whatever the tokens ask for, or a flood of invented names would become a flood on
    the issuer. `read` raises TokenRefused, ValueError or RecursionError for what it does not take.
    """

    url: str
    read: Callable[[Reply, datetime], Held[T]]
    clock: Callable[[], datetime]
    pause: timedelta = timedelta(seconds=10)
    total: float = 3.0
    accept: str = "application/json"
    _held: Held[T] | None = field(default=None, init=False)
    _tried_at: datetime = field(default=LONG_AGO, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _flight: "asyncio.Task[None] | None" = field(default=None, init=False, repr=False)

    def at(self, now: datetime) -> T | None:
        """What may be used now, fresh or stale within the bound."""
        return self._held.document if self._held is not None and now < self._held.stale_until else None

    def is_fresh(self, now: datetime) -> bool:
        return self._held is not None and now < self._held.fresh_until

    def may_fetch(self, now: datetime) -> bool:
        """Whether the pause since the last attempt is over; shorter while there is nothing to work with."""
        pause = self.pause if self.at(now) is not None else min(self.pause, FIRST_PAUSE)
        return now >= self._tried_at + pause if self._tried_at != LONG_AGO else True

    def is_worth_fetching(self, now: datetime) -> bool:
        """Whether to fetch before looking: not while an old copy will do and somebody fetches already."""
        return not self.is_fresh(now) and not (self.at(now) is not None and self._lock.locked())

    def distrust(self) -> None:
        """Somebody else's document shows that ours is old: fetched again at the next chance, used until then."""
        held = self._held
        self._held = None if held is None else replace(held, fresh_until=LONG_AGO)

    def refresh(self, now: datetime) -> None:
        """Fetches, unless somebody else did so while we waited. A failure leaves what is held alone."""
        with self._lock:
            if not self.may_fetch(now):
                return
            # A loop of its own in a thread of its own: the total time limit needs asyncio, the caller may
            # have a loop.
            with ThreadPoolExecutor(1) as thread:
                held = thread.submit(lambda: asyncio.run(self._fetched())).result()
            self._tried_at = self.clock()
            self._held = held or self._held

    async def refresh_soon(self, now: datetime) -> None:
        """The same without blocking the event loop. All wait for one flight; who leaves does not end it."""
        flight = self._flight
        if flight is None or flight.done() or flight.get_loop() is not asyncio.get_running_loop():
            flight = self._flight = asyncio.create_task(asyncio.to_thread(self.refresh, now))
        await asyncio.shield(flight)

    async def _fetched(self) -> Held[T] | None:
        try:
            reply = await fetch("GET", self.url, total=self.total, accept=self.accept)
            return self.read(reply, self.clock()) if reply.status == OK else None
        except (FetchFailed, TokenRefused, ValueError, RecursionError):
            return None


def max_age(reply: Reply, usual: timedelta, longest: timedelta) -> timedelta:
    """How long the answer may be kept by its own word, within a bound."""
    found = MAX_AGE.search(reply.cache_control)
    return min(timedelta(seconds=int(found[1])), longest) if found else usual
