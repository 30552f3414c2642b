"""A backup is put back after a purge: nothing is answered from it until the purge was carried out again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from agegate.store.ledger import Tombstone
from agegate.store.tombstones import ledger_mark
from agegate.telemetry.rendering import Listed
from tests.cli.commands import run
from tests.houses import Home, furnished, open_home
from tests.journeys.backups import Backup
from tests.journeys.people import ADULT, SIXTEEN, answer, ask_guardian, decision, notice, sign_up


@dataclass
class Operator:
    """Opens and closes one house on one database, and may put the database of before back."""

    folder: Path
    database_url: str
    home: Home

    def restart(self) -> Home:
        self.home.house.close()
        again = open_home(self.folder, self.home.clock.now, database_url=self.database_url)
        again.keys = self.home.keys
        self.home = again
        return again

    def back_up(self) -> Backup:
        self.home.house.close()
        backup = Backup(self.database_url)
        self.restart()
        return backup

    def put_back(self, backup: Backup) -> Home:
        self.home.house.close()
        backup.put_back()
        return self.restart()


@pytest.fixture
def operator(tmp_path: Path, database_url: str) -> Iterator[Operator]:
    for home in furnished(tmp_path, database_url):
        opened = Operator(tmp_path, database_url, home)
        yield opened
        opened.home.house.close()


def purge(home: Home, subject: str) -> str:
    """The service asks for it; the worker does what is due."""
    reply = home.call("DELETE", f"/v1/subjects/{subject}", key=home.keys["game"])
    assert reply.status_code == 202, reply.text
    home.work()
    return str(reply.json()["purge"])


def purged_and_put_back(operator: Operator) -> tuple[Home, str]:
    """`alex` and `bea` sign up, a backup is taken, `alex` is purged, the backup is put back."""
    for subject in ("alex", "bea"):
        sign_up(operator.home, subject, ADULT)
    backup = operator.back_up()
    operator.home.clock.move(hours=1)
    ordered = purge(operator.home, "alex")
    operator.home.clock.move(hours=1)
    return operator.put_back(backup), ordered


@pytest.mark.parametrize("path", ["/readyz", "/v1/subjects/alex", "/v1/requirements?country=US", "/status/1"])
def test_a_restored_database_answers_nothing(operator: Operator, path: str) -> None:
    home, _ = purged_and_put_back(operator)
    assert home.call("GET", path, key=home.keys["game"]).status_code == 503


def test_a_guardian_meets_a_page_that_says_so(operator: Operator) -> None:
    home, _ = purged_and_put_back(operator)
    reply = home.browse("GET", "/guardian")
    assert (reply.status_code, "text/html" in reply.headers["content-type"]) == (503, True)


@pytest.mark.parametrize("path", ["/livez", "/.well-known/jwks.json", "/.well-known/jwks-archive.json"])
def test_what_speaks_of_nobody_stays_open(operator: Operator, path: str) -> None:
    home, _ = purged_and_put_back(operator)
    assert home.call("GET", path).status_code == 200


def test_the_worker_purges_again_before_it_does_anything_else(operator: Operator) -> None:
    home, ordered = purged_and_put_back(operator)
    home.work()
    home.clock.move(seconds=2)
    certified = home.call("GET", f"/v1/purges/{ordered}/certificate", key=home.keys["game"]).status_code
    answers = (home.call("GET", "/readyz").status_code, decision(home, "alex"), decision(home, "bea"), certified)
    assert answers == (200, "purged", "allowed", 200)


def test_the_log_says_how_many_were_back(operator: Operator, caplog: pytest.LogCaptureFixture) -> None:
    home, _ = purged_and_put_back(operator)
    home.work()
    told = [Listed().of_record(each, "now") for each in caplog.records if each.name == "agegate.ledger"]
    assert [{**line, "at": "now"} for line in told] == [
        {"at": "now", "level": "warning", "event": "ledger-behind", "tombstones": 1},
        {"at": "now", "level": "warning", "event": "ledger-applied", "tombstones": 1, "subjects": 1},
    ]


def test_a_holder_is_ordered_again(operator: Operator) -> None:
    home = operator.home
    sign_up(home, "alex", ADULT)
    home.register_holder("game", "archive")
    backup = operator.back_up()
    operator.home.clock.move(hours=1)
    ordered = purge(operator.home, "alex")
    home = operator.put_back(backup)
    home.work()
    home.clock.move(seconds=2)
    found = home.call("GET", f"/v1/purges/{ordered}", key=home.keys["game"]).json()
    assert [(leg["holder"], found["state"]) for leg in found["legs"]] == [("archive", "open")]


def test_the_feed_is_the_same_before_and_after(operator: Operator) -> None:
    sign_up(operator.home, "alex", ADULT)
    sign_up(operator.home, "bea", ADULT)
    backup = operator.back_up()
    operator.home.clock.move(hours=1)
    for subject in ("alex", "bea"):
        purge(operator.home, subject)
    before = operator.home.call("GET", "/v1/tombstones", key=operator.home.keys["game"]).json()
    home = operator.put_back(backup)
    home.work()
    home.clock.move(seconds=2)
    assert home.call("GET", "/v1/tombstones", key=home.keys["game"]).json() == before
    assert len(before["tombstones"]) == 2


def test_who_was_made_after_a_tombstone_stays(operator: Operator) -> None:
    home = operator.home
    sign_up(home, "alex", ADULT)
    before = home.clock.now.replace(year=2025)
    digest = home.house.digests.tombstone("game", "alex")
    home.house.ledger.append(
        Tombstone("p-earlier", "game", digest, "service_request", before),
        home.house.store.read_now(ledger_mark),
        home.clock.now,
    )
    again = operator.restart()
    assert again.call("GET", "/readyz").status_code == 503
    again.work()
    again.clock.move(seconds=2)
    assert decision(again, "alex") == "allowed"


def test_a_child_who_was_declined_may_not_come_back_as_an_adult_after_a_restore(operator: Operator) -> None:
    home = operator.home
    sign_up(home, "alex", SIXTEEN, assent=notice(home))
    ask_guardian(home)
    backup = operator.back_up()
    operator.home.clock.move(hours=1)
    assert answer(operator.home, "decline").status_code == 200
    operator.home.work()
    home = operator.put_back(backup)
    home.work()
    home.clock.move(seconds=2)
    assert sign_up(home, "alex", ADULT).json()["decision"] != "allowed"


def test_a_purged_subject_may_sign_up_anew(operator: Operator) -> None:
    sign_up(operator.home, "alex", ADULT)
    operator.home.clock.move(hours=1)
    purge(operator.home, "alex")
    operator.home.clock.move(hours=1)
    sign_up(operator.home, "alex", ADULT)
    again = operator.restart()
    again.work()
    assert (again.call("GET", "/readyz").status_code, decision(again, "alex")) == (200, "allowed")


def command(operator: Operator, monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str]:
    """A command on the operator's house, which it has to itself."""
    operator.home.house.close()
    monkeypatch.setenv("AGEGATE_DATA", str(operator.folder / "data"))
    monkeypatch.setenv("AGEGATE_DATABASE_URL", operator.database_url)
    monkeypatch.chdir(operator.folder)
    came = run(*words)
    return came.exit_code, came.stdout + came.stderr


def test_a_command_applies_too_and_says_how_many(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    purged_and_put_back(operator)
    code, said = command(operator, monkeypatch, "ledger", "apply")
    assert (code, "applied 1 tombstones, purged 1 subjects again" in said) == (0, True)


def test_a_command_shows_what_is_missing(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    purged_and_put_back(operator)
    code, said = command(operator, monkeypatch, "ledger", "show", "--json")
    assert (code, '"missing_here": 1' in said, '"tombstones": 1' in said) == (0, True, True)


@pytest.mark.parametrize("words", [("serve",), ("worker",)])
def test_without_its_ledger_a_database_is_not_served(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    sign_up(operator.home, "alex", ADULT)
    purge(operator.home, "alex")
    (ledger_file(operator)).unlink()
    code, said = command(operator, monkeypatch, *words)
    assert (code, "agegate ledger mend" in said) == (78, True)


def test_a_lost_ledger_is_written_anew_byte_for_byte(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    for subject in ("alex", "bea", "cleo"):
        sign_up(operator.home, subject, ADULT)
        operator.home.clock.move(minutes=7)
        purge(operator.home, subject)
    lost = ledger_file(operator).read_bytes()
    ledger_file(operator).write_bytes(lost[: lost.index(b"\n") + 1])
    code, said = command(operator, monkeypatch, "ledger", "mend")
    kept = b"".join(path.read_bytes() for path in sorted(ledger_file(operator).parent.glob("*.jsonl")))
    assert (code, "2 were written anew" in said, kept) == (0, True, lost)


def ledger_file(operator: Operator) -> Path:
    """The one file of the ledger so far."""
    return next((operator.folder / "data" / "ledger").glob("*.jsonl"))
