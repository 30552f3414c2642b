"""The floor on PostgreSQL with what we found: the rows of all tables in one statement, each table's as one JSON."""

from itertools import count

import orjson
import psycopg

from bench.peers.floor.app import Write, main
from bench.peers.floor.rows import Signup, in_one_statement, rows_of


def open_database(address: str) -> Write:
    """A connection, and the statement it runs."""
    db = psycopg.connect(address, autocommit=True)
    entry = count(1)
    sql = in_one_statement().encode()

    def write(signups: list[Signup]) -> None:
        rows = rows_of(signups, entry)
        db.execute(sql, [orjson.dumps(rows[table]).decode() for table in rows], prepare=True)

    return write


if __name__ == "__main__":
    main(open_database)
