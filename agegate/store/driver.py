"""One statement on the driver's own cursor, for the hot path: SQLAlchemy's result objects cost more than the database.

Owns that a fault of the driver is raised as SQLAlchemy's own, without parameters, like everywhere else; and that a lost
connection is known as lost. Values are made fit for the driver by whoever calls.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor, DBAPIModule
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from psycopg import Cursor as PostgresCursor

Parameters = Sequence[object] | Mapping[str, object]


def ask(connection: Connection, sql: str, parameters: Parameters = ()) -> Sequence[Sequence[object]]:
    """The rows of a statement that gives some, or none."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as fault:
        raise _wrapped(fault, connection, cursor, sql) from fault
    finally:
        cursor.close()


def run(connection: Connection, sql: str, parameters: Parameters = ()) -> None:
    """Runs a statement whose rows, if any, nobody wants."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, parameters)
    except connection.dialect.loaded_dbapi.Error as fault:
        raise _wrapped(fault, connection, cursor, sql) from fault
    finally:
        cursor.close()


def copy_many(connection: Connection, sql: str, kinds: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Sends rows to a COPY of PostgreSQL, their values of those kinds."""
    cursor = connection.connection.cursor()
    try:
        with cast("PostgresCursor[object]", cursor).copy(sql.encode()) as copy:
            copy.set_types(kinds)
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as fault:
        raise _wrapped(fault, connection, cursor, sql) from fault
    finally:
        cursor.close()


def _wrapped(fault: DBAPIModule.Error, connection: Connection, cursor: DBAPICursor, sql: str) -> BaseException:
    dialect = connection.dialect
    return DBAPIError.instance(
        sql,
        None,
        fault,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=dialect.is_disconnect(fault, connection.connection, cursor),
        dialect=dialect,
    )
