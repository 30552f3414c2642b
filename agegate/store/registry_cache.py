"""The registry as a running server knows it: read again when it is older than a second.

So a key that a command added or revoked counts within a second, and a call costs no read of its own.
"""

import asyncio
from datetime import datetime, timedelta

from agegate.clock import Clock
from agegate.store.registry import Registry, read_registry
from agegate.store.store import Store

FRESH_FOR = timedelta(seconds=1)


class RegistryCache:
    """One registry for all calls of a second; callers that come meanwhile share one read."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: Registry | None = None
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def current(self) -> Registry:
        """The registry, at most a second old. A failed read is an error, never an older registry."""
        if (known := self._fresh()) is not None:
            return known
        async with self._reading:
            if (known := self._fresh()) is not None:
                return known
            asked_at = self._clock()
            self._known = await self._store.read(read_registry)
            self._read_at = asked_at
            return self._known

    def _fresh(self) -> Registry | None:
        age = None if self._read_at is None else self._clock() - self._read_at
        return self._known if age is not None and timedelta(0) <= age < FRESH_FOR else None
