"""One statement on the driver's own cursor, for the hot path: SQLAlchemy's result objects cost more than the database.

Owns that a fault of the driver is raised as SQLAlchemy's own, without parameters, like everywhere else; and that a lost
connection is known as lost. Values are made fit for the driver by whoever calls.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from psycopg import Cursor as PostgresCursor

Parameters = Sequence[object] | Mapping[str, object]


def run(connection: Connection, sql: str, parameters: Parameters = ()) -> Sequence[Sequence[object]]:
    """Runs the statement; its rows, where it has any."""
    with _cursor(connection, sql) as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description is not None else ()


def copy_many(connection: Connection, sql: str, kinds: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Sends rows to a COPY of PostgreSQL, their values of those kinds."""
    with _cursor(connection, sql) as cursor:
        sent = cast("PostgresCursor[object]", cursor)
        with sent.copy(sql.encode()) as copy:
            copy.set_types(kinds)
            for row in rows:
                copy.write_row(row)


@contextmanager
def _cursor(connection: Connection, sql: str) -> Generator[DBAPICursor]:
    dialect, raw = connection.dialect, connection.connection
    cursor = raw.cursor()
    try:
        yield cursor
    except dialect.loaded_dbapi.Error as fault:
        lost = dialect.is_disconnect(fault, raw, cursor)
        raise DBAPIError.instance(
            sql,
            None,
            fault,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=dialect,
        ) from fault
    finally:
        cursor.close()
