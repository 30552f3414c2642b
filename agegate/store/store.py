"""The store as a whole: writes go to the writer, reads to connections of their own.

Owns opening and closing. Reads do not wait behind writes; what a read returns was committed before it began.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from agegate.store.engine import reading
from agegate.store.transaction import Transaction
from agegate.store.writer import StoreUnavailable, Writer

T = TypeVar("T")
READERS = 2


class Store:
    """One database, opened."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._read_engine = reading(engine)
        self._writer = Writer(engine)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="agegate-reader")

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Runs a unit in a shared transaction; returns once it is durable."""
        return await asyncio.wrap_future(self._writer.submit(work))

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Runs a unit that only reads."""
        return await asyncio.wrap_future(self._submit_read(work))

    def write_now(self, work: Callable[[Transaction], T]) -> T:
        """The same for commands, which have no event loop."""
        return self._writer.submit(work).result()

    def read_now(self, work: Callable[[Transaction], T]) -> T:
        """The same for commands, which have no event loop."""
        return self._submit_read(work).result()

    def close(self) -> None:
        """Finishes what was handed in and lets go of the database."""
        self._writer.close()
        self._readers.shutdown()
        self.engine.dispose()

    def _submit_read(self, work: Callable[[Transaction], T]) -> "Future[T]":
        return self._readers.submit(self._read, work)

    def _read(self, work: Callable[[Transaction], T]) -> T:
        try:
            with self._read_engine.connect() as connection:
                return work(Transaction(connection))
        except SQLAlchemyError:
            raise StoreUnavailable from None
