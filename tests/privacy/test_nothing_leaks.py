"""Whole journeys with values that must turn up nowhere: not in the database's bytes, not in a row, not in the log."""

import logging
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from tests.houses import Home
from tests.journeys.people import LINK, answer, notice, sign_up, withdraw
from tests.privacy.canaries import (
    BORN,
    CHILD,
    GUARDIAN,
    NAME,
    PERSONAL,
    SUBJECT,
    every_file,
    every_row,
    told,
)


def waiting(home: Home) -> None:
    """The child waits; the guardian was asked."""
    sign_up(home, SUBJECT, BORN, email=CHILD, assent=notice(home))
    path = f"/v1/subjects/{SUBJECT}/consent-requests"
    home.call("POST", path, {"guardian_email": GUARDIAN, "child_name": NAME}, key=home.keys["game"])
    home.work()


def consented(home: Home) -> None:
    """The guardian agreed; the receipt is mailed."""
    waiting(home)
    answer(home, "grant")
    home.work()


def refused(home: Home) -> None:
    """The child gave itself as its guardian, and other input that is refused."""
    waiting(home)
    for address in (CHILD, f"{GUARDIAN} ", f"{GUARDIAN}\r\nBcc: x@y.example"):
        path = f"/v1/subjects/{SUBJECT}/consent-requests"
        home.call("POST", path, {"guardian_email": address}, key=home.keys["game"])
    sign_up(home, CHILD, BORN)
    sign_up(home, "other", f"{BORN}T00:00:00", email=CHILD)


def blocked(home: Home) -> None:
    """A child under the age of the other profile."""
    sign_up(home, SUBJECT, BORN, "DE", "scan", email=CHILD, device_digest="d" * 32)
    sign_up(home, SUBJECT, "1990-01-01", "DE", "scan", email=CHILD)


def restricted(home: Home) -> None:
    """An adult who turns out to be this child."""
    sign_up(home, SUBJECT, "1990-01-01", email=CHILD)
    sign_up(home, SUBJECT, BORN, email=CHILD)


def unreachable(home: Home) -> None:
    """A service and a holder that do not answer."""
    home.webhook("game", "http://127.0.0.1:9/hook")
    home.register_holder("game", "logs")
    home.clock.move(seconds=2)
    consented(home)
    home.call("DELETE", f"/v1/subjects/{SUBJECT}", key=home.keys["game"])
    home.work()


def withdrawn(home: Home) -> None:
    """The guardian took it back and had everything deleted."""
    consented(home)
    withdraw(home, "delete_now")
    home.work()


def declined(home: Home) -> None:
    """The guardian said no."""
    waiting(home)
    answer(home, "decline")
    home.work()


def unanswered(home: Home) -> None:
    """The guardian said nothing."""
    waiting(home)
    home.clock.move(days=15)
    home.work()


Journey = Callable[[Home], None]
JOURNEYS: list[Journey] = [
    waiting,
    consented,
    refused,
    blocked,
    restricted,
    unreachable,
    withdrawn,
    declined,
    unanswered,
]
ENDED: list[Journey] = [withdrawn, declined, unanswered]
every_journey = pytest.mark.parametrize("journey", JOURNEYS)


@every_journey
def test_no_byte_of_the_database_says_it(sqlite_home: Home, tmp_path: Path, journey: Journey) -> None:
    journey(sqlite_home)
    written = every_file(tmp_path)
    assert len(written) > 100_000, "the database and its log are read"
    assert [text for text in PERSONAL if told(text, written)] == []


@every_journey
def test_no_row_says_it(home: Home, journey: Journey) -> None:
    journey(home)
    assert [text for text in PERSONAL if told(text, every_row(home))] == []


@every_journey
def test_no_line_of_the_log_says_it(home: Home, journey: Journey, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        journey(home)
    # The tests' own client says what it asks for.
    lines = [
        record.getMessage() + str(record.exc_text) for record in caplog.records if not record.name.startswith("http")
    ]
    assert [text for text in (*PERSONAL, SUBJECT) if told(text, "\n".join(lines).encode())] == []


@every_journey
def test_no_line_of_the_log_holds_a_link(sqlite_home: Home, journey: Journey, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        journey(sqlite_home)
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    mails = "\n".join(str(mail.get_body(("plain",))) for mail in sqlite_home.mails())
    links = LINK.findall(mails)
    assert bool(links) == bool(mails) or journey in ENDED  # only the last mail is left then, and it has no link
    assert [link for link in links if link in "\n".join(lines)] == LINK.findall("\n".join(lines)) == []


@pytest.mark.parametrize("journey", ENDED)
def test_after_a_purge_no_row_names_the_subject(home: Home, journey: Journey) -> None:
    journey(home)
    assert not told(SUBJECT, every_row(home))


@pytest.mark.parametrize("journey", ENDED)
def test_after_a_purge_and_a_stop_no_byte_names_the_subject(
    sqlite_home: Home, tmp_path: Path, journey: Journey
) -> None:
    journey(sqlite_home)
    sqlite_home.house.close()
    assert not told(SUBJECT, every_file(tmp_path))


@pytest.mark.parametrize("journey", ENDED)
def test_after_a_purge_nothing_sealed_of_the_subject_is_left(home: Home, journey: Journey) -> None:
    journey(home)
    rows = home.rows()
    assert (rows["subjects"], rows["consent_requests"]) == (0, 0)


@every_journey
def test_no_answer_about_the_subject_says_it(sqlite_home: Home, journey: Journey) -> None:
    journey(sqlite_home)
    paths = (f"/v1/subjects/{SUBJECT}", "/v1/events", "/v1/purges")
    replies = [
        sqlite_home.call("GET", path, key=sqlite_home.keys[service]) for path in paths for service in ("game", "scan")
    ]
    seen = b"\n".join(reply.content + str(reply.headers).encode() for reply in replies)
    assert [text for text in PERSONAL if told(text, seen)] == []


def test_every_column_about_a_person_is_sealed_or_a_digest() -> None:
    words = ("birth", "email", "guardian", "child", "device")
    plain = [
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if any(word in column.name for word in words)
        and not (column.name.startswith("sealed_") or column.name.endswith("_digest"))
    ]
    assert plain == []


@pytest.mark.parametrize("shift", range(3))
def test_the_search_finds_what_is_disguised(shift: int) -> None:
    hidden = b64encode(b"x" * shift + GUARDIAN.encode() + b"yz")
    assert [told(GUARDIAN, place) for place in (hidden, GUARDIAN.encode(), b"nothing")] == [True, True, False]
