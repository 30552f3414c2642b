"""A look-up of many names reads what it finds and no more, also while the database still takes a table to be empty."""

from sqlalchemy import text

from agegate.store.sticky import fetch_sticky
from agegate.store.subjects import fetch_subjects
from agegate.store.transaction import Transaction
from tests.houses import Home
from tests.journeys.people import ADULT, TWELVE, sign_up

READ = """
SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) AS touched FROM pg_stat_xact_user_tables
WHERE relname IN ('subjects', 'sticky_answers')
"""
MORE = """
INSERT INTO sticky_answers (id, service, kind, digest, owner, decision, assent_needed, reasons, profile, expires_at)
SELECT 'more' || n, service, kind, digest || n, owner, decision, assent_needed, reasons, profile, expires_at
FROM sticky_answers, generate_series(1, 300) AS n
"""


def read_for(tx: Transaction, name: str) -> int:
    """How many rows the database touches to answer both look-ups of a signup."""
    before = int(tx.rows(text(READ))[0]["touched"] or 0)
    for fetch in (fetch_subjects, fetch_sticky):
        fetch(tx.connection, [("game", name), ("game", f"{name}-too")])
    return int(tx.rows(text(READ))[0]["touched"] or 0) - before


def test_a_look_up_reads_no_row_that_it_does_not_find(postgres_home: Home) -> None:
    write = postgres_home.house.store.write_now
    for _ in range(10):  # so often that the driver prepares the statement and the server keeps a plan
        write(lambda tx: read_for(tx, "nobody"))
    sign_up(postgres_home, "kid", TWELVE)
    for number in range(20):
        sign_up(postgres_home, f"ann{number}", ADULT)
    write(lambda tx: tx.change(text(MORE)))
    assert write(lambda tx: (read_for(tx, "ann7"), read_for(tx, "nobody"))) == (1, 0)


def test_a_name_that_is_asked_for_twice_is_found_once(home: Home) -> None:
    sign_up(home, "ann", ADULT)
    key = ("game", "ann")
    found = home.house.store.read_now(lambda tx: fetch_subjects(tx.connection, [key, key]))
    assert len(found[key]) == 1
