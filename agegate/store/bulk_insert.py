"""Rows appended to one table, written with one statement of the driver's own, prebuilt per table and shape.

SQLite takes a few rows at a time, so that the thread seldom gives way; PostgreSQL takes them all as one JSON parameter:
the statement is the same however many rows there are, and the driver has one value to adapt. Very many go there by
`copy_in.py`. Owns nothing of meaning.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from operator import itemgetter

import orjson
from sqlalchemy import Column, ColumnDefault, Connection, Dialect, String, Table

from agegate.store.columns import UtcDateTime
from agegate.store.copy_in import MANY, copy_rows
from agegate.store.driver import run
from agegate.store.prebuilt import Turn, turn_in

Row = Mapping[str, object]
MOST_AT_ONCE = 16
"""Rows in one statement of SQLite. Each step of a statement lets the other threads run and has to wait for its turn."""


@dataclass(frozen=True, slots=True)
class _Shape:
    sql: tuple[str, ...]
    """For one row, for two, up to `MOST_AT_ONCE`; on PostgreSQL one for any number."""

    given: Callable[[Row], tuple[object, ...]]
    """The values that a row of this shape brings, in the order of the columns."""

    constants: dict[str, object]
    """Those that no row of this shape brings, after them."""

    instants: tuple[str, ...]

    turns: tuple[tuple[int, Turn], ...]
    """Which of them has to be made fit for the driver, and how."""

    def by_row(self, rows: Sequence[Row]) -> list[list[object]]:
        return [self._fit([*self.given(row), *self.constants.values()]) for row in rows]

    def as_json(self, rows: Sequence[Row]) -> str:
        """One parameter; in JSON a value needs no more than to be what the column says: an aware instant."""
        for name in self.instants:
            if any(isinstance(at := row[name], datetime) and at.tzinfo is None for row in rows):
                raise ValueError("naive instant")
        return orjson.dumps(self.whole(rows)).decode()

    def whole(self, rows: Sequence[Row]) -> Sequence[Row]:
        return [{**row, **self.constants} for row in rows] if self.constants else rows

    def _fit(self, values: list[object]) -> list[object]:
        for place, turn in self.turns:
            values[place] = turn(values[place])
        return values


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Writes the rows; a column that a row leaves out gets the table's own default."""
    dialect = connection.dialect
    for names in dict.fromkeys(frozenset(row) for row in rows):
        of_names = [row for row in rows if row.keys() == names]
        shape = _shape(table, names, dialect)
        if dialect.name == "sqlite":
            fit = shape.by_row(of_names)
            for some in (fit[begun : begun + MOST_AT_ONCE] for begun in range(0, len(fit), MOST_AT_ONCE)):
                run(connection, shape.sql[len(some) - 1], [*chain.from_iterable(some)])
        elif len(of_names) >= MANY:
            copy_rows(connection, table, shape.whole(of_names))
        else:
            run(connection, shape.sql[0], (shape.as_json(of_names),))


@lru_cache(maxsize=256)
def _shape(table: Table, names: frozenset[str], dialect: Dialect) -> _Shape:
    if unknown := names - {column.name for column in table.columns}:
        raise KeyError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    given = [column for column in table.columns if column.name in names]
    left_out = [column for column in table.columns if column.name not in names and column.default is not None]
    columns = [*given, *left_out]
    turned = ((place, turn_in(column.type, dialect)) for place, column in enumerate(columns))
    return _Shape(
        sql=_statements(table, columns, dialect),
        given=_picker([column.name for column in given]),
        constants={column.name: _constant(column) for column in left_out},
        instants=tuple(column.name for column in given if isinstance(column.type, UtcDateTime)),
        turns=tuple((place, turn) for place, turn in turned if turn is not None),
    )


def _picker(names: Sequence[str]) -> Callable[[Row], tuple[object, ...]]:
    if len(names) == 1:
        return lambda row: (row[names[0]],)
    return itemgetter(*names)


def _statements(table: Table, columns: Sequence[Column[object]], dialect: Dialect) -> tuple[str, ...]:
    quote = dialect.identifier_preparer
    listed = ", ".join(quote.format_column(column) for column in columns)
    begin = f"INSERT INTO {quote.format_table(table)} ({listed})"
    if dialect.name == "sqlite":
        row = f"({', '.join('?' * len(columns))})"
        return tuple(f"{begin} VALUES {', '.join([row] * rows)}" for rows in range(1, MOST_AT_ONCE + 1))
    typed = ", ".join(f"{quote.format_column(column)} {_kind(column, dialect)}" for column in columns)
    return (f"{begin} SELECT * FROM json_to_recordset(%s) AS appended({typed})",)  # noqa: S608 - names and types of our own


def _constant(column: Column[object]) -> object:
    default = column.default
    return default.arg if isinstance(default, ColumnDefault) and default.is_scalar else None


def _kind(column: Column[object], dialect: Dialect) -> str:
    # A cast to varchar(n) would cut a text that is too long; the assignment to the column refuses it.
    kind = column.type.dialect_impl(dialect)
    return "text" if isinstance(kind, String) else kind.compile(dialect)
