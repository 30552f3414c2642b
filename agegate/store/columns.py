"""Column types and the two ways to spell a column; every table of the project is built from these.

Owns what a database would otherwise get wrong: SQLite drops time zones, and a text column without a length makes
migrations differ between engines.
"""

from datetime import UTC, datetime

from sqlalchemy import JSON, BigInteger, Column, DateTime, Dialect, ForeignKey, Integer, String, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

NAME_LENGTH = 128

# Named alike on every engine, so that a later migration can name what it changes.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def require_aware(value: object) -> None:
    """Refuses an instant without a zone: ValueError. Whatever is no instant is let through."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("naive instant")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC. A naive one is a programming error and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: UTC; SQLite gets it without the zone that it cannot keep."""
        if value is None:
            return None
        require_aware(value)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: aware, in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def id_column() -> Column[str]:
    """The primary key: an id made by `entropy.new_id`, or a name that never changes."""
    return Column(String(NAME_LENGTH), primary_key=True)


def reference(target: str, *, goes_with: bool = False, begins: bool = False) -> Column[str]:
    """A column that names a row of another table, and is looked up by it.

    `goes_with`: the row is deleted together with the one it names. `begins`: an index of several columns begins with
    it, so that one of its own would be written for nothing, and be taken by the planner for the wrong question.
    """
    cascade = "CASCADE" if goes_with else None
    return Column(String(NAME_LENGTH), ForeignKey(target, ondelete=cascade), nullable=False, index=not begins)


def name_column(*, nullable: bool = False, unique: bool = False, index: bool = False) -> Column[str]:
    """A short text: names, states, codes, digests."""
    return Column(String(NAME_LENGTH), nullable=nullable, unique=unique, index=index)


def text_column(*, nullable: bool = False) -> Column[str]:
    """A long text: sealed values, signed documents, addresses of endpoints."""
    return Column(Text, nullable=nullable)


def instant_column(*, nullable: bool = False, index: bool = False) -> Column[datetime]:
    """An instant."""
    return Column(UtcDateTime, nullable=nullable, index=index)


def count_column() -> Column[int]:
    """A small number that starts at zero."""
    return Column(Integer, nullable=False, default=0)


def sequence_column() -> Column[int]:
    """A growing position; SQLite only grows INTEGER PRIMARY KEYs by itself."""
    return Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def json_column(*, nullable: bool = False) -> Column[object]:
    """A small JSON value without personal data."""
    return Column(JSON, nullable=nullable)
