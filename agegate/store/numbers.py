"""Numbers of status list entries, reserved in blocks so that a token costs no round trip of its own.

A number that was reserved and not used stays unused: a place in a list that belongs to nobody. Uniqueness rests on the
database's own counter, which every process raises before it uses what lies below.
"""

from collections import deque

from sqlalchemy import Connection

from agegate.store.driver import ask

BLOCK = 64
TABLE = "status_entries"

_RAISE = f"UPDATE sqlite_sequence SET seq = seq + {BLOCK} WHERE name = '{TABLE}' RETURNING seq"  # noqa: S608 - constants
_BEGIN = f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{TABLE}', {BLOCK}) RETURNING seq"  # noqa: S608 - constants
_DRAW = f"SELECT nextval(pg_get_serial_sequence('{TABLE}', 'seq')) FROM generate_series(1, {BLOCK})"  # noqa: S608 - constants


class Numbers:
    """What one writer has reserved and not yet used."""

    def __init__(self) -> None:
        self._left: deque[int] = deque()

    def take(self, connection: Connection) -> int:
        """The next number; reserves a block when none is left."""
        if not self._left:
            self._left.extend(_reserve(connection))
        return self._left.popleft()

    def forget(self) -> None:
        """Drops what is left: the transaction that reserved it may not have come about."""
        self._left.clear()


def _reserve(connection: Connection) -> list[int]:
    if connection.dialect.name != "sqlite":
        return [int(str(row[0])) for row in ask(connection, _DRAW)]
    last = int(str((ask(connection, _RAISE) or ask(connection, _BEGIN))[0][0]))
    return list(range(last - BLOCK + 1, last + 1))
