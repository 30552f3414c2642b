"""SELECTs in the driver's own form, compiled once per dialect: what the hot path reads in every batch.

Owns the translation of values and rows, by the same column types as everywhere else. Faults are wrapped by SQLAlchemy
as always. Which questions there are is the collections'.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import orjson
from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    text,
    true,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from agegate.store.driver import ask
from agegate.store.sqlite_values import Turn, turn_for

R = TypeVar("R")
Shown = Select[tuple[object, ...]]


def turn_in(column_type: TypeEngine[object], dialect: Dialect) -> Turn | None:
    """What makes a value of that type fit for the driver; None where it is already."""
    own = turn_for(column_type) if dialect.name == "sqlite" else None
    return own or column_type.dialect_impl(dialect).bind_processor(dialect)


def turn_out(column_type: TypeEngine[object], dialect: Dialect) -> Turn | None:
    """What makes the driver's value ours; None where it is already."""
    return column_type.dialect_impl(dialect).result_processor(dialect, None)


class _Names(TypeDecorator[list[str]]):
    """Names to look for, as one JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str:
        """As the driver takes it; nothing is found twice."""
        del dialect
        return orjson.dumps(list(dict.fromkeys(value or ()))).decode()


_NAMES = bindparam("names", type_=_Names())


def _looked_up(statement: Shown, among: ColumnElement[object], dialect: Dialect) -> Shown:
    """The statement for each of the names in the parameter `names`, which is one however many they are.

    The database has only one way to answer it, by the index of the names, whatever it takes the table's size to be. A
    list of row values would let SQLite scan the whole table; a list of names PostgreSQL, which keeps the plan that it
    made while the table was empty.
    """
    if dialect.name == "sqlite":
        listed = text("SELECT value FROM json_each(:names)").bindparams(_NAMES)
        return statement.where(among.in_(listed))
    # The offset keeps the planner from joining in another order.
    one = statement.where(among == literal_column("names.name")).offset(literal_column("0")).lateral("asked")
    names = select(func.json_array_elements_text(cast(_NAMES, JSON)).label("name")).subquery("names")
    return select(*one.columns).select_from(names.join(one, true()))


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    places: tuple[str, ...] | None
    """Names in the order of the marks; None where the driver takes names."""

    constants: dict[str, object]
    into: dict[str, Turn]
    """What makes a value fit for the driver, by its name."""

    out_of: tuple[Turn | None, ...]

    def parameters(self, values: Mapping[str, object]) -> tuple[object, ...] | dict[str, object]:
        given = {**self.constants, **values}
        for name, turn in self.into.items():
            given[name] = turn(given[name])
        return given if self.places is None else tuple([given[name] for name in self.places])


@dataclass(frozen=True, slots=True, eq=False)
class Prebuilt(Generic[R]):
    """A SELECT whose columns are the fields of `shape`, in their order; of the rows whose `among` is in `names`."""

    statement: Shown
    shape: Callable[..., R]
    among: ColumnElement[object]
    _known: dict[str, _Compiled] = field(default_factory=dict, repr=False)

    def __call__(self, connection: Connection, values: Mapping[str, object]) -> list[R]:
        """What is found, each row in its shape."""
        compiled = self._known.get(connection.dialect.name) or self._compile(connection.dialect)
        rows = ask(connection, compiled.sql, compiled.parameters(values))
        return [self.shape(*map(_turned, compiled.out_of, row)) for row in rows]

    def _compile(self, dialect: Dialect) -> _Compiled:
        built = _looked_up(self.statement, self.among, dialect).compile(dialect=dialect)
        turns = {name: turn_in(built.binds[name].type, dialect) for name in built.params}
        compiled = _Compiled(
            sql=str(built),
            places=tuple(built.positiontup) if built.positiontup is not None else None,
            constants={name: value for name, value in built.params.items() if value is not None},
            into={name: turn for name, turn in turns.items() if turn is not None},
            out_of=tuple(turn_out(column.type, dialect) for column in self.statement.selected_columns),
        )
        self._known[dialect.name] = compiled
        return compiled


def _turned(turn: Turn | None, value: object) -> object:
    return value if turn is None else turn(value)
