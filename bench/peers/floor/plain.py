"""The floor writes one statement per table, for all rows of a batch, in a transaction: as the drivers offer it."""

import sqlite3
from itertools import count

import psycopg

from bench.peers.floor.app import Write, main
from bench.peers.floor.rows import Row, Signup, rows_of


def open_sqlite(address: str) -> Write:
    """A connection, and the statements it runs."""
    db = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=wal", "synchronous=FULL", "foreign_keys=1", "secure_delete=1"):
        db.execute(f"PRAGMA {pragma}")
    entry = count(1)

    def write(signups: list[Signup]) -> None:
        db.execute("BEGIN IMMEDIATE")
        for table, rows in rows_of(signups, entry).items():
            db.executemany(_insert(table, rows[0], "?"), [[*row.values()] for row in rows])
        db.execute("COMMIT")

    return write


def open_postgres(address: str) -> Write:
    """The same on PostgreSQL."""
    db = psycopg.connect(address, autocommit=True)
    entry = count(1)

    def write(signups: list[Signup]) -> None:
        with db.pipeline(), db.transaction(), db.cursor() as cursor:
            for table, rows in rows_of(signups, entry).items():
                cursor.executemany(_insert(table, rows[0], "%s").encode(), [[*row.values()] for row in rows])

    return write


def _insert(table: str, row: Row, mark: str) -> str:
    marks = ", ".join([mark] * len(row))
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks}) ON CONFLICT DO NOTHING"


def open_database(address: str) -> Write:
    """Either engine."""
    return open_sqlite(address) if address.startswith("sqlite") else open_postgres(address)


if __name__ == "__main__":
    main(open_database)
