"""One transaction as the flows see it: rows appended, reads, conditional updates.

Appended rows wait until something could read them, or until the batch ends, and then go out together. Where a
connection begins late, what is looked up ahead and a write that is one statement stand outside a transaction.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Protocol, TypeVar

from sqlalchemy import Connection, RowMapping, Select, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import Executable
from sqlmodel import SQLModel

from agegate.store.bulk_insert import goes_out_at_once, insert_rows
from agegate.store.driver import run
from agegate.store.lookahead import Key, Lookahead, Lookup
from agegate.store.numbered_last import NumberedLast
from agegate.store.numbers import Numbers

Values = Mapping[str, object]
BEGINS_LATE = "begins_late"
"""The option of a connection that commits each statement until a transaction is begun on it."""


class Record(Protocol):
    """A frozen dataclass whose fields are columns of its table."""

    __dataclass_fields__: dict[str, object]


R = TypeVar("R")


@cache
def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


@cache
def columns_for(model: type[SQLModel], shape: type[object]) -> Select[tuple[object, ...]]:
    """A SELECT of just the columns that a frozen dataclass names."""
    table = table_of(model)
    return select(*(table.c[field.name] for field in fields(shape)))  # type: ignore[arg-type]  # a dataclass


@cache
def _parents_first() -> dict[Table, int]:
    return {table: place for place, table in enumerate(SQLModel.metadata.sorted_tables)}


class Transaction:
    """Rows appended and statements run on one connection, in one transaction."""

    def __init__(self, connection: Connection, numbers: Numbers | None = None) -> None:
        self._connection = connection
        self._begun = not connection.get_execution_options().get(BEGINS_LATE)
        self._numbers = Numbers() if numbers is None else numbers
        self.ahead = Lookahead()
        self.counted: dict[tuple[str, ...], int] = {}
        """Events for the tally, which takes them once this transaction is durable."""

        self.meantime: list[tuple[Collection[Lookup], Callable[[Transaction], object]]] = []
        """What is looked at again once this transaction is durable, with the rows that it looks for."""

        self.last = NumberedLast()
        self._waiting: dict[Table, list[Values]] = defaultdict(list)
        self._waiting_keys: set[Lookup] = set()

    @property
    def connection(self) -> Connection:
        """The connection, in the transaction."""
        if not self._begun:
            run(self._connection, "BEGIN")
            self._begun = True
        return self._connection

    def append(self, model: type[SQLModel], row: Values, key: Key | None = None) -> None:
        """Adds a row; `key` is the natural key by which this batch may look for it."""
        table = table_of(model)
        self._waiting[table].append(row)
        if key is not None:
            named = table.name, key
            self._waiting_keys.add(named)
            self.ahead.drop(named)

    def awaits(self, model: type[SQLModel], key: Key) -> bool:
        """Whether a row with that natural key was appended and not yet written."""
        return (table_of(model).name, key) in self._waiting_keys

    def flush(self) -> None:
        """Writes every appended row, parents before children."""
        if self._waiting:
            self._write_waiting(self.connection)

    def finish(self) -> None:
        """Writes everything that is still to be written; what comes next is the commit.

        One statement is a transaction of its own.
        """
        if self.last.waits:
            self.flush()
            self.last.write(self.connection)
        elif self._waiting:
            alone = goes_out_at_once(self._connection, self._waiting.values())
            self._write_waiting(self._connection if alone else self.connection)

    def _write_waiting(self, connection: Connection) -> None:
        waiting, self._waiting = self._waiting, defaultdict(list)
        self._waiting_keys.clear()
        place = _parents_first()
        insert_rows(connection, sorted(waiting.items(), key=lambda each: place[each[0]]))

    def number(self) -> int:
        """The next number of a status list entry. What is reserved and not used is lost, so it needs no transaction."""
        return self._numbers.take(self._connection)

    def count(self, *event: str) -> None:
        """One more of an event, if this transaction is committed."""
        self.counted[event] = self.counted.get(event, 0) + 1

    def look_again(self, looks_for: Collection[Lookup], work: "Callable[[Transaction], object]") -> None:
        """Runs that beside whatever is written next: another process may have committed what nobody could see here.

        On SQLite there is one writer, which saw everything. It is lost with the process, and whoever is told of it has
        its answer by then: for what follows a write for certain there is the agenda.
        """
        if self._connection.dialect.name != "sqlite":
            self.meantime.append((looks_for, work))

    def rows(self, statement: Executable, values: Values | None = None) -> Sequence[RowMapping]:
        """The rows of a SELECT or RETURNING, after everything appended was written."""
        self.flush()
        return self.connection.execute(statement, dict(values or {})).mappings().all()

    def rows_unflushed(self, statement: Executable, values: Values) -> Sequence[RowMapping]:
        """The rows of a SELECT that no appended row can concern."""
        return self.connection.execute(statement, dict(values)).mappings().all()

    def change(self, statement: Executable, values: Values | None = None) -> int:
        """Runs an UPDATE or DELETE and says how many rows it met: the condition's verdict."""
        self.flush()
        self.ahead.clear()
        return self.connection.execute(statement, dict(values or {})).rowcount

    def put(self, table: Table, row: Values) -> bool:
        """Writes a row at once unless its key is there already; whoever writes the same one meanwhile is waited for."""
        insert = sqlite.insert if self.connection.dialect.name == "sqlite" else postgresql.insert
        put = insert(table).values(**row).on_conflict_do_nothing()
        return self.change(put.execution_options(preserve_rowcount=True)) == 1  # not kept for an INSERT otherwise


def as_values(shape: type[R], rows: Sequence[RowMapping]) -> list[R]:
    """Each row as the frozen dataclass it was selected for."""
    return [shape(**row) for row in rows]


def first(found: Sequence[R]) -> R | None:
    """The first of what was found, or None."""
    return found[0] if found else None
