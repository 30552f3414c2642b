"""Rows whose numbers must be in the order of commits, so that who reads up to a number has missed none below it.

They are written as the very last thing of a transaction, under a lock for each service that no other transaction gets
before this one is committed. Nothing else is waited for while it is held, so it cannot be part of a deadlock.
"""

from typing import Final

from sqlalchemy import Connection, Table

from agegate.store.bulk_insert import insert_rows
from agegate.store.driver import run

Row = dict[str, object]

OURS: Final = 20_261_122
"""The first half of the locks' names, so that they meet no lock of another meaning."""

# In the order of the locks' names, so that two transactions with several services wait for each other in one order.
LOCK: Final = (
    "SELECT pg_advisory_xact_lock(%s, place) FROM "
    "(SELECT DISTINCT hashtext(name) AS place FROM unnest(%s::text[]) AS name ORDER BY place) AS places"
)


class NumberedLast:
    """What one transaction will write at its end, by table."""

    def __init__(self) -> None:
        self._waiting: dict[Table, list[Row]] = {}

    def append(self, table: Table, row: Row) -> None:
        """Adds a row with a member `service`."""
        self._waiting.setdefault(table, []).append(row)

    def rows(self, table: Table) -> list[Row]:
        """What waits for a table; changes to it are written with it."""
        return self._waiting.get(table, [])

    @property
    def waits(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._waiting)

    def write(self, connection: Connection) -> None:
        """Writes them all. The caller commits right away."""
        waiting, self._waiting = self._waiting, {}
        for table, rows in waiting.items():
            if connection.dialect.name != "sqlite":
                run(connection, LOCK, [OURS, sorted({str(row["service"]) for row in rows})])
            insert_rows(connection, [(table, rows)])
