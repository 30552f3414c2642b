"""The order of the log is one, without a gap, whoever writes and whenever they commit."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from agegate.flows.seal_audit import SealAudit
from agegate.flows.write_audit import About
from agegate.rules.audit import Act
from agegate.store.anchor import Anchor
from agegate.store.audit_log import ENTRIES, count_waiting
from agegate.store.transaction import Transaction
from tests.audit.logs import anchored, checked, exported, lived, seal
from tests.houses import Home


def places(home: Home) -> list[int]:
    with home.house.store.engine.connect() as connection:
        return list(connection.execute(select(ENTRIES.c.seq).order_by(ENTRIES.c.seq)).scalars())


def write(home: Home, tx: Transaction, service: str) -> None:
    home.house.audit(tx, Act.SERVICE_CHANGED, About(service), home.clock())


def test_places_have_no_gap_and_the_log_is_whole(home: Home) -> None:
    lived(home)
    assert places(home) == list(range(1, len(places(home)) + 1))
    assert checked(home, exported(home), anchored(home)).entries == len(places(home))


def test_an_entry_that_is_committed_late_is_sealed_once(home: Home) -> None:
    if home.house.alone:  # SQLite has one writer at a time, so late is a transaction that begins late
        home.house.store.write_now(lambda tx: write(home, tx, "late"))
        seal(home)
    else:
        with home.house.store.engine.connect() as late, late.begin():
            tx = Transaction(late)
            write(home, tx, "late")
            tx.flush()
            home.clock.move(seconds=1)
            home.house.store.write_now(lambda tx: write(home, tx, "early"))
            seal(home)
    seal(home)
    seal(home)
    check = checked(home, exported(home), anchored(home))
    assert (check.entries, home.house.store.read_now(count_waiting)) == (len(places(home)), 0)


def test_nothing_to_seal_makes_no_checkpoint(home: Home) -> None:
    seal(home)
    seal(home)
    assert checked(home, exported(home), anchored(home)).checkpoints == 1


def test_who_seals_while_another_does_gives_way(home: Home) -> None:
    flow = SealAudit(home.house.keys, home.house.entropy)
    if home.house.alone:
        home.house.store.write_now(lambda tx: flow(tx, home.clock()))
    else:
        with home.house.store.engine.connect() as other, other.begin():
            assert flow(Transaction(other), home.clock()) > 0
            assert home.house.store.write_now(lambda tx: flow(tx, home.clock())) == 0
    assert home.house.store.write_now(lambda tx: flow(tx, home.clock())) == 0
    checked(home, exported(home))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'nobody'",
        "UPDATE audit_entries SET seq = seq + 100 WHERE seq IS NOT NULL",
        "DELETE FROM audit_entries",
        "UPDATE audit_checkpoints SET head = 'x'",
        "DELETE FROM audit_checkpoints",
    ],
)
def test_the_database_refuses_to_change_the_log(home: Home, statement: str) -> None:
    seal(home)
    with home.house.store.engine.connect() as connection, pytest.raises(DBAPIError, match="only ever added to"):
        connection.execute(text(statement))


def test_an_entry_that_is_not_sealed_yet_cannot_be_changed_either(home: Home) -> None:
    home.house.store.write_now(lambda tx: write(home, tx, "game"))
    with home.house.store.engine.connect() as connection, pytest.raises(DBAPIError, match="only ever added to"):
        connection.execute(text("UPDATE audit_entries SET facts = '{}' , actor = 'x' WHERE seq IS NULL"))


def test_an_anchor_whose_last_line_was_cut_goes_on(home: Home) -> None:
    lived(home)
    path = Anchor(home.house.settings.ledger_folder).path
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    seal(home)
    assert anchored(home)[-1] == whole.decode().splitlines()[-1]
