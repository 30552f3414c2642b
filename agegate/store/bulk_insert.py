"""Rows appended to one table, written with one statement of the driver's own, prebuilt per table and shape.

SQLite takes the rows one by one in C (executemany); PostgreSQL takes one array per column and unnests them, so that
the statement is the same however many rows there are. Owns nothing of meaning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import JSON, Column, ColumnDefault, Connection, Dialect, String, Table

from agegate.store.prebuilt import Turn, turn_in

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Shape:
    sql: str
    columns: tuple[tuple[str, object, Turn | None], ...]
    """Name, the value where a row has none, and what makes it fit for the driver."""

    def by_row(self, rows: Sequence[Row]) -> list[tuple[object, ...]]:
        return [
            tuple(
                row.get(name, constant) if turn is None else turn(row.get(name, constant))
                for name, constant, turn in self.columns
            )
            for row in rows
        ]

    def by_column(self, rows: Sequence[Row]) -> tuple[list[object], ...]:
        return tuple(
            [row.get(name, constant) if turn is None else turn(row.get(name, constant)) for row in rows]
            for name, constant, turn in self.columns
        )


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Writes the rows; a column that a row leaves out gets the table's own default."""
    dialect = connection.dialect
    for names in dict.fromkeys(frozenset(row) for row in rows):
        of_names = [row for row in rows if row.keys() == names]
        shape = _shape(table, names, dialect)
        parameters = shape.by_row(of_names) if dialect.name == "sqlite" else shape.by_column(of_names)
        connection.exec_driver_sql(shape.sql, parameters)


@lru_cache(maxsize=256)
def _shape(table: Table, names: frozenset[str], dialect: Dialect) -> _Shape:
    if unknown := names - {column.name for column in table.columns}:
        raise KeyError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    columns = [column for column in table.columns if column.name in names or column.default is not None]
    quote = dialect.identifier_preparer.format_column
    listed = ", ".join(quote(column) for column in columns)
    if dialect.name == "sqlite":
        values = f"VALUES ({', '.join('?' * len(columns))})"
    else:
        arrays = ", ".join(f"%s::{_array_of(column, dialect)}" for column in columns)
        values = f"SELECT * FROM unnest({arrays})"  # noqa: S608 - names of our own types
    sql = f"INSERT INTO {dialect.identifier_preparer.format_table(table)} ({listed}) {values}"
    return _Shape(sql, tuple((column.name, _constant(column), turn_in(column.type, dialect)) for column in columns))


def _constant(column: Column[object]) -> object:
    default = column.default
    return default.arg if isinstance(default, ColumnDefault) and default.is_scalar else None


def _array_of(column: Column[object], dialect: Dialect) -> str:
    # A cast to varchar(n) would cut a text that is too long; the assignment to the column refuses it.
    kind = column.type.dialect_impl(dialect)
    if isinstance(kind, String):
        return "text[]"
    return "json[]" if isinstance(kind, JSON) else f"{kind.compile(dialect)}[]"
