"""A purge keeps what the register of columns says: a canary in each column that it clears is nowhere after it."""

from pathlib import Path

import pytest
from sqlalchemy import JSON, Column, String, Table, Text, update
from sqlmodel import SQLModel

from agegate.store.column_registry import Cleared
from tests.houses import Home
from tests.layers.test_registered_columns import entries
from tests.privacy.canaries import BORN, CHILD, SUBJECT, every_file, every_row, told
from tests.privacy.lives import full_life

CANARY = "canary-in-a-column"
AT_ONCE = {Cleared.ROW, Cleared.UNNAMED}
STRUCTURE = {
    *("state", "held_state", "kind", "subject", "service", "assurance", "reasons", "decision", "consent_request"),
    "subject_digest",
}
"""What the purge itself goes by: names and states that it reads."""


def seeded() -> list[Column[object]]:
    """Every text and JSON column that a purge clears at once, but what the purge goes by."""
    found = []
    for (table, name), entry in entries().items():
        column = SQLModel.metadata.tables[table].columns[name]
        structural = column.primary_key or column.foreign_keys or name in STRUCTURE or name.endswith("_id")
        if entry.cleared in AT_ONCE and isinstance(column.type, String | Text | JSON) and not structural:
            found.append(column)
    return [column for column in found if column.table.name not in {"agenda", "sticky_answers"}]


def seed(home: Home) -> set[Column[object]]:
    """Puts the canary into every such column of every row; into which columns."""
    changed, planted = 0, set[Column[object]]()
    with home.house.store.engine.begin() as connection:
        for column in seeded():
            table = column.table
            assert isinstance(table, Table)
            for row in connection.execute(table.select()).mappings().all():
                value: object = [CANARY] if isinstance(column.type, JSON) else f"{CANARY}-{changed}"
                mine = [key == row[key.name] for key in table.primary_key]
                changed += connection.execute(update(table).where(*mine).values({column.name: value})).rowcount
                planted.add(column)
    return planted


def lived(home: Home) -> None:
    """A full life, whose every column then holds the canary."""
    full_life(home)
    planted = seed(home)
    assert planted == {column for column in seeded() if column.table.name != "legal_holds"}


def purge(home: Home) -> None:
    """The subject's own word, and everything that follows."""
    assert home.call("DELETE", f"/v1/subjects/{SUBJECT}", key=home.keys["game"]).status_code == 202
    home.work()


def test_the_search_finds_the_canary_before_the_purge(home: Home) -> None:
    lived(home)
    assert told(CANARY, every_row(home))


def test_a_purge_leaves_the_canary_in_no_row(home: Home) -> None:
    lived(home)
    purge(home)
    assert [text for text in (CANARY, SUBJECT, CHILD, BORN) if told(text, every_row(home))] == []


def test_a_purge_leaves_the_canary_in_no_byte_of_database_and_log(sqlite_home: Home, tmp_path: Path) -> None:
    lived(sqlite_home)
    purge(sqlite_home)
    sqlite_home.house.store.wipe_log()
    assert [text for text in (CANARY, SUBJECT, CHILD, BORN) if told(text, every_file(tmp_path))] == []


def test_while_a_leg_is_open_only_ciphertext_names_the_subject(sqlite_home: Home, tmp_path: Path) -> None:
    sqlite_home.register_holder("game", "logs")
    lived(sqlite_home)
    purge(sqlite_home)
    sqlite_home.house.store.wipe_log()
    assert [text for text in (CANARY, SUBJECT, CHILD, BORN) if told(text, every_file(tmp_path))] == []


@pytest.mark.parametrize("table", ["subjects", "consent_requests"])
def test_no_row_of_a_purged_subject_is_left(home: Home, table: str) -> None:
    lived(home)
    purge(home)
    assert home.rows()[table] == 0
