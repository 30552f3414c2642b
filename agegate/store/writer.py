"""The writer: one thread, one connection, and one commit for everything that waits at that moment.

A unit is a function of the transaction; it may be run twice, so it has no effect outside it. If a batch fails, it is
rolled back and each unit is run again alone, so that one bad unit never takes a neighbour with it. Results are handed
out only after the commit.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from agegate.store.transaction import Transaction

T = TypeVar("T")
MOST_UNITS = 64
MOST_WAITING = 4096


class StoreUnavailable(Exception):
    """The database does not answer, or too much is waiting for it; nothing was written."""


@dataclass(frozen=True, slots=True)
class Unit(Generic[T]):
    """Work for one transaction, and where its result goes."""

    work: Callable[[Transaction], T]
    result: "Future[T]"

    def run(self, tx: Transaction) -> Callable[[], None]:
        """Does the work; what is returned tells the caller, once the commit is done."""
        value = self.work(tx)
        return lambda: self.result.set_result(value)


class Writer:
    """Runs units in the order they came, up to `MOST_UNITS` to a commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: queue.Queue[Unit[object] | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._serve, name="agegate-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Transaction], T]) -> "Future[T]":
        """Hands in a unit. Its future also carries what the unit raised, or StoreUnavailable."""
        unit = Unit(work, Future())
        try:
            self._waiting.put_nowait(unit)  # type: ignore[arg-type]  # a unit of T is a unit of object to the queue
        except queue.Full:
            unit.result.set_exception(StoreUnavailable())
        return unit.result

    def close(self) -> None:
        """Finishes what was handed in, then stops."""
        self._waiting.put(None)
        self._thread.join()

    def _serve(self) -> None:
        connection: Connection | None = None
        while batch := self._next_batch():
            try:
                connection = connection or self._engine.connect()
                self._commit(connection, batch)
            except SQLAlchemyError as fault:
                # Whatever state the connection is in, the next batch gets a fresh one.
                if connection is not None:
                    connection.invalidate()
                    connection.close()
                connection = None
                _refuse(batch, fault)
        if connection is not None:
            connection.close()

    def _next_batch(self) -> list[Unit[object]]:
        first = self._waiting.get()
        if first is None:
            return []
        batch = [first]
        while len(batch) < MOST_UNITS:
            try:
                unit = self._waiting.get_nowait()
            except queue.Empty:
                break
            if unit is None:
                self._waiting.put(None)
                break
            batch.append(unit)
        return batch

    def _commit(self, connection: Connection, batch: list[Unit[object]]) -> None:
        try:
            tell = _run(connection, batch)
        except Exception as fault:  # noqa: BLE001 - whatever a unit raised is given to its own caller below
            if len(batch) == 1:
                batch[0].result.set_exception(_outward(fault))
                return
            for unit in batch:
                self._commit(connection, [unit])
            return
        for told in tell:
            told()


def _run(connection: Connection, batch: list[Unit[object]]) -> list[Callable[[], None]]:
    with connection.begin():
        tx = Transaction(connection)
        tell = [unit.run(tx) for unit in batch]
        tx.flush()
    return tell


def _outward(fault: Exception) -> Exception:
    """A database that is gone or locked is told as such; everything else as it is."""
    if isinstance(fault, DBAPIError) and (fault.connection_invalidated or "Operational" in type(fault).__name__):
        return StoreUnavailable()
    return fault


def _refuse(batch: list[Unit[object]], fault: SQLAlchemyError) -> None:
    del fault  # its text may quote a statement; the log line of the server says only that the store was unavailable
    for unit in batch:
        if not unit.result.done():
            unit.result.set_exception(StoreUnavailable())
