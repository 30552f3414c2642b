"""The data map as a page, written from the register of columns: `make data-map`."""

import sys
from itertools import groupby

from agegate.store.column_registry import Cleared, Registered, registered

INTRODUCTION = """# The data map

Written from `agegate/store/column_registry.toml` by `make data-map`; a column without an entry there fails the tests.
Whose data each column of the database holds, in which form, and how a purge of the subject clears it:

| word | a purge |
|---|---|
| row | deletes the row in the transaction that orders it |
| unnamed | empties the column in that transaction |
| work | leaves it under a key of the purge's own until leg, mail and event are done |
| time | leaves it to a time that is short and fixed: answers that stick, limits on mail |
| evidence | leaves it until evidence ends; it names people by keyed digests only |
| none | has nothing to clear |

Beside the database: the key file and the ledger hold nobody's data in the clear (digests only); log lines hold none;
a mail folder (`outbox` of the test environment) holds mails as they were sent, and the worker deletes those about a
purged subject at once, the last one to its guardian after three days.

## What is left on disks

* **SQLite** overwrites what it deletes (`secure_delete`), and the write-ahead log is emptied within a minute
  (`wal_checkpoint(TRUNCATE)`). The server refuses to start without the former.
* **PostgreSQL** keeps a deleted row in its pages until vacuum, in its write-ahead log until a segment is overwritten or
  removed, in the planner's samples (`pg_statistic`) until the next `ANALYZE`, and in archives and on replicas for as
  long as you keep them. Leave autovacuum on. Where you must show that the disk is clean: run with `wal_recycle = off`
  (a recycled segment keeps its old bytes), then `VACUUM (FULL, ANALYZE)` of agegate's tables, `VACUUM (FULL)` of
  `pg_statistic`, `SELECT pg_switch_wal()` and `CHECKPOINT`; after that no byte of the database's files and of `pg_wal`
  holds it. No replication slot may hold old segments back. Keep archives and backups for at most 35 days: what they
  hold sealed of a purged subject is ciphertext whose wrapped key was deleted with it, but its id at the service stands
  there in the clear.

Kept by `tests/privacy/test_gone_from_bytes.py`: every value of every text and JSON column above that a purge clears is
searched for in the raw bytes of both engines, the mail folder and the log.

"""


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    for table, entries in groupby(registered(), key=lambda entry: entry.table):
        parts.append(f"## {table}\n\n| purge | whose | form | columns |\n|---|---|---|---|\n")
        for (cleared, whose, form), columns in groupby(entries, key=kind):
            names = ", ".join(f"`{entry.column}`" if entry.column != "*" else "all" for entry in columns)
            parts.append(f"| {cleared} | {whose} | {form} | {names} |\n")
        parts.append("\n")
    return "".join(parts).rstrip("\n") + "\n"


def kind(entry: Registered) -> tuple[Cleared, str, str]:
    """What columns of one line have in common."""
    return entry.cleared, entry.whose, entry.form


if __name__ == "__main__":
    sys.stdout.write(page())
