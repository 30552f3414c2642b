"""A line: one thread that serves units in batches, on one connection that it keeps.

Owns handing in, closing, and the promise that every unit is told something. What a batch is for, writing or reading, is
`writer.py`'s and `reader.py`'s business.
"""

import asyncio
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from agegate.store.batches import Batches
from agegate.store.faults import is_gone
from agegate.store.lanes import LaneFull, Lanes
from agegate.store.lookahead import Fetch, Lookup
from agegate.store.numbers import Numbers
from agegate.store.tally import Tally
from agegate.store.transaction import Transaction
from agegate.store.units import Outcome, Unit, hand_over

T = TypeVar("T")
MOST_UNITS = 64
Work = Callable[[Transaction], T]


class StoreUnavailable(Exception):
    """The database does not answer, or too much is waiting for it; nothing was written."""


class NoConnection(StoreUnavailable):
    """None is to be had at the moment; whoever waits for the same need not try again."""


class Line(ABC):
    """Serves units in the order they came, urgent ones first, up to `MOST_UNITS` at a time."""

    def __init__(self, engine: Engine, fetches: dict[str, Fetch], name: str) -> None:
        self._engine = engine
        self._fetches = fetches
        self._lanes = Lanes()
        self.tally = Tally()
        self.batches = Batches(name)
        self._numbers = Numbers()
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._serve, name=f"agegate-{name}", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T]) -> "Future[T]":
        """Hands in a unit for a caller that blocks; the future also carries what it raised, or StoreUnavailable."""
        waiter: Future[T] = Future()
        self._queue(Unit(work, waiter), urgent=False)
        return waiter

    def submit_from_loop(
        self,
        work: Work[T],
        *,
        urgent: bool = False,
        looks_for: Iterable[Lookup] = (),
        meanwhile: Callable[[T], None] | None = None,
    ) -> "asyncio.Future[T]":
        """The same for a caller on an event loop."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[T] = loop.create_future()
        self._queue(Unit(work, waiter, loop, tuple(looks_for), meanwhile), urgent=urgent)
        return waiter

    def waiting(self) -> dict[str, int]:
        """How many units wait in each lane."""
        return self._lanes.waiting()

    def close(self) -> None:
        """Finishes what was handed in, then stops; whatever comes later is refused."""
        self._lanes.close()
        self._thread.join()
        self._turn_away()

    @abstractmethod
    def _outcomes(self, batch: list[Unit[object]]) -> list[Outcome]:
        """Serves a batch; an outcome for every unit that was not put back."""

    def _transaction(self, connection: Connection, batch: list[Unit[object]]) -> Transaction:
        tx = Transaction(connection, self._numbers)
        tx.ahead.fetch(connection, (lookup for unit in batch for lookup in unit.looks_for), self._fetches)
        return tx

    def _connected(self) -> Connection:
        """The connection; Raises NoConnection."""
        if self._connection is None:
            try:
                self._connection = self._engine.connect()
            except SQLAlchemyError:
                raise NoConnection from None
        return self._connection

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def _queue(self, unit: Unit[T], *, urgent: bool) -> None:
        try:
            self._lanes.put(cast("Unit[object]", unit), urgent=urgent)
        except LaneFull:
            Outcome(cast("Unit[object]", unit), fault=StoreUnavailable()).tell()
        if not self._thread.is_alive():
            self._turn_away()

    def _turn_away(self) -> None:
        """Refuses what slipped in at the end, since nobody serves it any more."""
        hand_over([Outcome(unit, fault=StoreUnavailable()) for unit in self._lanes.drain()])

    def _serve(self) -> None:
        while batch := self._lanes.take(MOST_UNITS):
            began = time.perf_counter()
            hand_over(self._outcomes(batch))
            self.batches(len(batch), began)
        self._let_go()


def outward(fault: Exception) -> Exception:
    """A database that is gone or locked is told as such, without its text; everything else as it is."""
    return StoreUnavailable() if is_gone(fault) else fault
