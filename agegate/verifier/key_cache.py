"""The issuer's public keys, kept close: fetched seldom, once at a time, and used a while longer in an outage.

Owns freshness, the single flight and the pause between fetches. Leaves HTTP to `fetching` and the check to
`agegate.signing.verify`. Keeps nothing on disk.
"""

import asyncio
import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from agegate.signing.verify import PublicKeys, TokenRefused
from agegate.verifier.fetching import FetchFailed, Reply, checked_url, fetch

OK = 200
JWKS_PATH = "/.well-known/jwks.json"
MAX_AGE = re.compile(r"(?:^|[\s,])max-age=([0-9]{1,9})(?:$|[\s,])", re.ASCII)
DEFAULT_AGE = timedelta(minutes=5)
LONGEST_AGE = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=1)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """Keys with their dates: good until, and bearable until."""

    keys: PublicKeys
    fresh_until: datetime
    stale_until: datetime


@dataclass(slots=True)
class KeyCache:
    """Shared by threads and event loops. Every decision takes the instant as a value.

    `pause` lies between two fetches whatever the tokens ask for, or a flood of invented key names would
    become a flood on the issuer. `stale_for` is how long old keys outlive their freshness while the issuer
    cannot be reached; tokens live for minutes, so there is nothing to win by a long one.
    """

    jwks_url: str
    clock: Callable[[], datetime]
    pause: timedelta = timedelta(seconds=10)
    stale_for: timedelta = timedelta(hours=1)
    total: float = 3.0
    _held: Held | None = field(default=None, init=False)
    _tried_at: datetime = field(default=LONG_AGO, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _flight: "asyncio.Task[None] | None" = field(default=None, init=False, repr=False)

    def keys_at(self, now: datetime) -> PublicKeys | None:
        """The keys that may be used now, fresh or stale within the bound."""
        return self._held.keys if self._held is not None and now < self._held.stale_until else None

    def is_fresh(self, now: datetime) -> bool:
        return self._held is not None and now < self._held.fresh_until

    def may_fetch(self, now: datetime) -> bool:
        """Whether the pause since the last attempt is over; shorter while there is nothing to work with."""
        pause = self.pause if self.keys_at(now) is not None else min(self.pause, FIRST_PAUSE)
        return now >= self._tried_at + pause if self._tried_at != LONG_AGO else True

    def is_worth_fetching(self, now: datetime) -> bool:
        """Whether to fetch before looking: not while old keys will do and somebody fetches already."""
        return not self.is_fresh(now) and not (self.keys_at(now) is not None and self._lock.locked())

    def refresh(self, now: datetime) -> None:
        """Fetches, unless somebody else did so while we waited. A failure leaves the held keys alone."""
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

    async def _fetched(self) -> Held | None:
        try:
            reply = await fetch("GET", self.jwks_url, total=self.total)
            if reply.status != OK:
                return None
            keys = PublicKeys.from_jwks(json.loads(reply.body))
        except (FetchFailed, TokenRefused, ValueError, RecursionError):
            return None
        fresh_until = self.clock() + _max_age(reply)
        return Held(keys, fresh_until, fresh_until + self.stale_for)


def jwks_address(issuer: str, jwks_url: str | None) -> str:
    """Where the keys are, both addresses checked; the well-known place unless another is named."""
    return checked_url(jwks_url or checked_url(issuer).rstrip("/") + JWKS_PATH)


def _max_age(reply: Reply) -> timedelta:
    found = MAX_AGE.search(reply.cache_control)
    return min(timedelta(seconds=int(found[1])), LONGEST_AGE) if found else DEFAULT_AGE
