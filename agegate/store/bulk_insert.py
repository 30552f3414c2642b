"""Rows appended to one table, written with one statement of the driver's own, prebuilt per table and shape.

SQLite takes a few rows at a time, so that the thread seldom gives way; PostgreSQL takes the rows of all tables in one
statement, those of a table as one JSON parameter: it is the same however many they are, and the driver has little to
adapt. Very many go there by `copy_in.py`. Owns nothing of meaning.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat

import orjson
from sqlalchemy import Column, ColumnDefault, Connection, Dialect, String, Table

from agegate.store.columns import UtcDateTime, require_aware
from agegate.store.copy_in import MANY, copy_rows
from agegate.store.driver import run
from agegate.store.prebuilt import turn_in
from agegate.store.sqlite_values import NOTHING, Turn

Row = Mapping[str, object]
MOST_AT_ONCE = 16
"""Rows in one statement of SQLite. Each step of a statement lets the other threads run and has to wait for its turn."""


@dataclass(frozen=True, slots=True)
class _Shape:
    sql: tuple[str, ...]
    """For one row, for two, up to `MOST_AT_ONCE`; on PostgreSQL one for any number."""

    turns: tuple[Turn | None, ...]
    """What makes the values that a row brings fit for the driver, in their order."""

    constants: dict[str, object]
    """Those that no row of this shape brings, after them."""

    fixed: tuple[object, ...]
    """The same, fit for the driver."""

    instants: tuple[str, ...]

    def in_order(self, rows: Sequence[Row]) -> list[object]:
        """All values, row by row, as the driver of SQLite takes them."""
        brought = zip(*(row.values() for row in rows), strict=True)
        fit = [map(turn, column) if turn else column for turn, column in zip(self.turns, brought, strict=True)]
        values = chain.from_iterable(zip(*fit, *map(repeat, self.fixed), strict=False))
        return [NOTHING if value is None else value for value in values]

    def as_json(self, rows: Sequence[Row]) -> str:
        """One parameter; in JSON a value needs no more than to be what the column says: an aware instant."""
        for name in self.instants:
            for row in rows:
                require_aware(row[name])
        return orjson.dumps(self.whole(rows)).decode()

    def whole(self, rows: Sequence[Row]) -> Sequence[Row]:
        return [{**row, **self.constants} for row in rows] if self.constants else rows


_Part = tuple[Table, _Shape, Sequence[Row]]


def insert_rows(connection: Connection, waiting: Iterable[tuple[Table, Sequence[Row]]]) -> None:
    """Writes the rows of each table, parents first; a column that a row leaves out gets the table's own default."""
    parts = [part for table, rows in waiting for part in _parts(table, rows, connection.dialect)]
    if connection.dialect.name == "sqlite":
        for _, shape, rows in parts:
            for some in (rows[begun : begun + MOST_AT_ONCE] for begun in range(0, len(rows), MOST_AT_ONCE)):
                run(connection, shape.sql[len(some) - 1], shape.in_order(some))
        return
    few: list[tuple[str, str]] = []
    for table, shape, rows in parts:
        if len(rows) < MANY:
            few.append((shape.sql[0], shape.as_json(rows)))
            continue
        _write_together(connection, few)
        few = []
        copy_rows(connection, table, shape.whole(rows))
    _write_together(connection, few)


def goes_out_at_once(connection: Connection, waiting: Iterable[Sequence[Row]]) -> bool:
    """Whether rows of those tables make a single statement."""
    return connection.dialect.name != "sqlite" and all(len(rows) < MANY for rows in waiting)


def _write_together(connection: Connection, few: Sequence[tuple[str, str]]) -> None:
    if few:
        run(connection, _in_one(tuple(sql for sql, _ in few)), [rows for _, rows in few])


def _parts(table: Table, rows: Sequence[Row], dialect: Dialect) -> Iterator[_Part]:
    alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        alike[tuple(row)].append(row)
    for names, some in alike.items():
        yield table, _shape(table, names, dialect), some


@lru_cache(maxsize=256)
def _in_one(statements: tuple[str, ...]) -> str:
    """One round trip for several tables; what refers to a row that comes with it is checked at the end of all."""
    *others, last = statements
    named = ", ".join(f"part{number} AS ({statement})" for number, statement in enumerate(others))
    return f"WITH {named} {last}" if others else last


@lru_cache(maxsize=256)
def _shape(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Shape:
    if unknown := {*names} - {*table.columns.keys()}:
        raise KeyError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    given = [table.columns[name] for name in names]
    left_out = [column for column in table.columns if column.name not in names and column.default is not None]
    turns = {column.name: turn_in(column.type, dialect) for column in (*given, *left_out)}
    constants = {column.name: _constant(column) for column in left_out}
    return _Shape(
        sql=_statements(table, [*given, *left_out], dialect),
        turns=tuple(turns[name] for name in names),
        constants=constants,
        fixed=tuple(turn(value) if (turn := turns[name]) else value for name, value in constants.items()),
        instants=tuple(column.name for column in given if isinstance(column.type, UtcDateTime)),
    )


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
