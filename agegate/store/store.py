"""The store as a whole: writes go to the writer, reads to the reader.

Owns opening and closing. Reads do not wait behind writes; what a read returns was committed before it began.
"""

from collections.abc import Callable, Iterable
from contextlib import closing
from typing import TypeVar

from sqlalchemy import Engine

from agegate.store.engine import reading, writing
from agegate.store.events import fetch_events
from agegate.store.line import Line
from agegate.store.lookahead import Fetch, Lookup
from agegate.store.reader import Reader
from agegate.store.status_entries import fetch_entries
from agegate.store.sticky import fetch_sticky
from agegate.store.subjects import fetch_subjects
from agegate.store.tables import EventRow, StickyAnswerRow, SubjectRow
from agegate.store.token_tables import StatusEntryRow
from agegate.store.transaction import Transaction
from agegate.store.writer import Writer

T = TypeVar("T")

FETCHES: dict[str, Fetch] = {
    str(SubjectRow.__tablename__): fetch_subjects,
    str(StickyAnswerRow.__tablename__): fetch_sticky,
    str(StatusEntryRow.__tablename__): fetch_entries,
    str(EventRow.__tablename__): fetch_events,
}
"""How a batch fetches what its units announced."""


class Store:
    """One database, opened."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = Writer(writing(engine), FETCHES, "writer")
        self._reader = Reader(reading(engine), FETCHES, "reader")
        self.tally = self._writer.tally

    async def write(
        self,
        work: Callable[[Transaction], T],
        *,
        urgent: bool = False,
        looks_for: Iterable[Lookup] = (),
        meanwhile: Callable[[T], None] | None = None,
    ) -> T:
        """Runs a unit in a shared transaction; returns once it is durable.

        `urgent` is for what shuts, withdraws or deletes: it waits behind nothing else. `looks_for` names rows that the
        unit will ask for, so that a batch reads them together. `meanwhile` is told what the unit returned while that
        is made durable: it may prepare an answer and give none, since the unit may still fail or be run again.
        """
        return await self._writer.submit_from_loop(work, urgent=urgent, looks_for=looks_for, meanwhile=meanwhile)

    async def read(self, work: Callable[[Transaction], T], *, looks_for: Iterable[Lookup] = ()) -> T:
        """Runs a unit that only reads."""
        return await self._reader.submit_from_loop(work, looks_for=looks_for)

    def write_now(self, work: Callable[[Transaction], T]) -> T:
        """The same for commands, which have no event loop."""
        return self._writer.submit(work).result()

    def read_now(self, work: Callable[[Transaction], T], seconds: float | None = None) -> T:
        """The same for commands, which have no event loop; TimeoutError after that many seconds."""
        return self._reader.submit(work).result(seconds)

    @property
    def lines(self) -> tuple[Line, Line]:
        """The writer and the reader, for whoever counts what waits there."""
        return self._writer, self._reader

    def wipe_log(self) -> None:
        """Empties SQLite's write-ahead log, which still holds pages of what was deleted. Blocks for milliseconds.

        PostgreSQL recycles its log by itself, vacuum and archives are its operator's business.
        """
        if self.engine.dialect.name == "sqlite":
            with closing(self.engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Finishes what was handed in and lets go of the database."""
        self._writer.close()
        self._reader.close()
        self.engine.dispose()
