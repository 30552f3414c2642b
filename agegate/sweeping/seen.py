"""Which subjects went by already: a file of any length may name each of them once.

Keeps one number for each name in a temporary file of its own that ends with the process; the number says nothing
without this process' secret. Two names share one once in many billions of files, and then the second is reported.
"""

import sqlite3
from collections.abc import Iterable

CACHE_KIB = 8_000
TEMPORARY = (
    "PRAGMA journal_mode=OFF",
    "PRAGMA synchronous=OFF",
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA temp_store=FILE",
    f"PRAGMA cache_size=-{CACHE_KIB}",
    "CREATE TABLE seen (mark INTEGER PRIMARY KEY, line INTEGER NOT NULL)",
)


class Seen:
    """Remembers names across the whole file. Lies on disk as soon as it is large."""

    def __init__(self) -> None:
        # An empty name is a database in a file that the library deletes by itself.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for statement in TEMPORARY:
            self._database.execute(statement)

    def repeated(self, names: Iterable[str], lines: Iterable[int]) -> set[int]:
        """The lines among these whose name stood in an earlier line."""
        # Sorted, so that neighbours of the tree are touched together. `hash` is keyed anew in every process.
        marks = sorted(zip(map(hash, names), lines, strict=True))
        before = self._database.total_changes
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", marks)
        self._database.execute("COMMIT")
        if self._database.total_changes - before == len(marks):
            return set()
        first = "SELECT line FROM seen WHERE mark = ?"
        return {line for mark, line in marks if self._database.execute(first, (mark,)).fetchone()[0] != line}

    def close(self) -> None:
        """Deletes it."""
        self._database.close()
