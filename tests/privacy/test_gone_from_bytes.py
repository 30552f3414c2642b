"""After a purge and all its work, no byte on the disk says what the register of columns says is cleared.

Every value that a full life wrote into such a column is a canary, ciphertext and keys too; words of ours are replaced
by a planted one. Read raw: database, write-ahead log and mails of both engines, and the lines of the log.
"""

import logging
from functools import cache

import pytest
from sqlalchemy import JSON, LargeBinary, String, Text
from sqlmodel import SQLModel

from agegate.store.column_registry import Cleared
from tests.houses import Home
from tests.journeys.people import withdraw
from tests.layers.test_registered_columns import columns, entries
from tests.privacy.bytes_at_rest import at_rest
from tests.privacy.canaries import BORN, CHILD, GUARDIAN, NAME, SUBJECT, told
from tests.privacy.lives import DETAIL, REPORTER, STRAY, full_life
from tests.privacy.test_column_registry import seeded

GOES = {Cleared.ROW, Cleared.UNNAMED, Cleared.WORK}
TYPED = (SUBJECT, BORN, CHILD, GUARDIAN, NAME, REPORTER, DETAIL, STRAY)
DISTINCT = 12
"""A shorter value is a word or a number that anything may hold."""

NO_CANARY = {
    "subjects.state": "a word that the state machine reads",
    "subjects.held_state": "the same; set under a legal hold only, which forbids the purge",
    "subjects.assurance": "a word that the consent rules read",
    "subjects.reasons": "ids of rules and citations, the same for everybody whom they concern",
    "consent_requests.state": "a word that the state machine reads",
    "consent_requests.assurance": "a word that the consent rules read",
    "agenda.kind": "a word that the worker reads",
    "consent_requests.id": "random, and in the receipt until evidence ends",
    "sign_ins.request_id": "the same",
    "subjects.consent_request": "the same",
    "consent_requests.receipt_id": "the receipt's own, which stays with it",
    "reports.subject_digest": "a keyed digest, which the purge itself keeps as evidence",
    "agenda.ref": "the same, or the id of a row that is gone",
    "legal_holds.subject_id": "forbids the purge while it is set; its end empties it (tests/holds)",
    "sticky_answers.sealed_birth_date": "of somebody whom we do not hold (tests/journeys/test_corrections.py)",
    "sticky_answers.wrapped_key": "the same",
}
"""Columns that take no canary, each with the reason."""


@cache
def texts() -> dict[str, Cleared]:
    """Every text, JSON and blob column, and how a purge clears it."""
    found, registered = {}, entries()
    for table, name in columns():
        if isinstance(SQLModel.metadata.tables[table].columns[name].type, String | Text | JSON | LargeBinary):
            found[f"{table}.{name}"] = registered[table, name].cleared
    return found


def written(home: Home) -> dict[str, set[str]]:
    """The values of every such column, by column."""
    kept: dict[str, set[str]] = {name: set() for name in texts()}
    with home.house.store.engine.connect() as connection:
        for table in sorted(SQLModel.metadata.sorted_tables, key=lambda each: each.name == "agenda"):
            for row in connection.execute(table.select()).mappings():
                mine = kept["subjects.id"] | kept["consent_requests.id"]
                if table.name == "agenda" and row["ref"] not in mine:
                    continue  # work about the rules, a purge or another subject
                for name, value in row.items():
                    if value is not None and f"{table.name}.{name}" in kept:
                        kept[f"{table.name}.{name}"].add(str(value))
    return kept


def canaries(*moments: dict[str, set[str]]) -> dict[str, set[str]]:
    """Every distinct value of a column that is cleared and of none that stays, with the names of its columns."""
    told_of = [(name, value) for kept in moments for name, values in kept.items() for value in values]
    stays = {value for name, value in told_of if texts()[name] not in GOES}
    found: dict[str, set[str]] = {}
    for name, value in told_of:
        # The digest of a notice is the same for everybody who was shown it, and stands in the audit log's facts too.
        ours = name.endswith("_sha256")
        if texts()[name] in GOES and value not in stays and len(value) >= DISTINCT and not ours:
            found.setdefault(value, set()).add(name)
    return found


def purged(home: Home) -> dict[str, set[str]]:
    """The life, its end by the guardian's hand, and everything that follows; what must be nowhere any more."""
    full_life(home)
    before = written(home)
    withdraw(home, "delete_now")
    home.work()
    ordered = written(home)
    assert ordered["purges.sealed_subject"], "while a leg is open, its purge names the subject under its own key"
    (purge,) = home.call("GET", "/v1/purges", key=home.keys["game"]).json()["purges"]
    key = home.key("game", "holder", holder="logs")
    home.clock.move(seconds=2)
    done = home.call("PUT", f"/v1/purges/{purge['id']}/legs/logs", {"status": "completed"}, key=key)
    assert done.status_code == 200, done.text
    home.work()
    home.clock.move(days=31)  # the event that nobody took, and the last letter's file, have had their time
    home.work()
    return canaries(before, ordered)


def test_every_text_json_and_blob_column_has_a_canary_or_a_reason(home: Home) -> None:
    full_life(home)
    before = written(home)
    withdraw(home, "delete_now")
    found = {name for names in canaries(before, written(home)).values() for name in names}
    planted = {f"{column.table.name}.{column.name}" for column in seeded()}
    without = [name for name, cleared in texts().items() if cleared in GOES and name not in found | planted]
    assert set(without) ^ set(NO_CANARY) == set()


def test_no_byte_of_the_disk_holds_what_a_purge_clears(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        gone = purged(home)
    assert len(gone) > 20
    places = at_rest(home)
    assert sum(map(len, places.values())) > 100_000, "the database and its log are read"
    lines = [each.getMessage() + str(each.exc_text) for each in caplog.records if not each.name.startswith("http")]
    places["log"] = "\n".join(lines).encode()
    left = {(place, min(gone[value])) for place, read in places.items() for value in gone if value.encode() in read}
    left |= {(place, text) for place, read in places.items() for text in TYPED if told(text, read)}
    assert left == set()


def test_the_search_finds_every_canary_while_the_subject_lives(home: Home) -> None:
    full_life(home)
    alive = canaries(written(home))
    read = b"".join(at_rest(home).values())
    assert [names for value, names in alive.items() if value.encode() not in read and value[0] not in "[{"] == []
