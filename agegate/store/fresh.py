"""Something small of the database as a running server knows it: read again when it is older than a second.

So what a command changed counts within a second, and a call costs no read of its own.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from agegate.clock import Clock
from agegate.store.store import Store
from agegate.store.transaction import Transaction

T = TypeVar("T")
FRESH_FOR = timedelta(seconds=1)


class Fresh(Generic[T]):
    """One value for all calls of a second; callers that come meanwhile share one read."""

    def __init__(self, store: Store, clock: Clock, read: Callable[[Transaction], T]) -> None:
        self._store = store
        self._clock = clock
        self._work = read
        self._known: tuple[T, datetime, datetime] | None = None
        """The value, when it was asked for, and until when it counts."""

        self._reading = asyncio.Lock()

    async def current(self) -> T:
        """The value, at most a second old. A failed read is an error, never an older value."""
        if (known := self.at_hand(self._clock())) is not None:
            return known
        async with self._reading:
            asked_at = self._clock()
            if (known := self.at_hand(asked_at)) is not None:
                return known
            value = await self._store.read(self._work)
            self._known = value, asked_at, asked_at + FRESH_FOR
            return value

    def at_hand(self, now: datetime) -> T | None:
        """The value where it still counts at that instant; None where it has to be waited for."""
        known = self._known
        return known[0] if known is not None and known[1] <= now < known[2] else None
