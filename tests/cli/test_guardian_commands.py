"""`agegate guardian attest|review`: a person of the operator vouches for a guardian, or lets one be asked."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import commanded_home, run
from tests.journeys.people import ask_guardian, waiting_minor

GOOD = ("--method", "signed_form", "--reference", "case-7", "--operator", "jo-smith")


@pytest.fixture
def request_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A request that waits, in a house that the command opens too."""
    home = commanded_home(tmp_path, monkeypatch)
    waiting_minor(home)
    request = ask_guardian(home)
    home.house.close()
    return request


def test_a_person_vouches_for_a_guardian(request_id: str) -> None:
    run("operator", "add", "jo-smith")
    came = run("guardian", "attest", request_id, *GOOD)
    assert (came.exit_code, "The guardian may answer now" in came.stderr) == (0, True)


def test_somebody_without_a_key_is_refused(request_id: str) -> None:
    came = run("guardian", "attest", request_id, *GOOD)
    assert (came.exit_code, "agegate operator add" in came.stderr) == (1, True)


def test_an_unknown_request_is_refused(request_id: str) -> None:
    assert run("guardian", "attest", request_id[::-1], *GOOD).exit_code == 1


@pytest.mark.parametrize(
    ("option", "value"), [("--method", "oidc"), ("--reference", "Jo Smith"), ("--operator", "Jo Smith")]
)
def test_what_cannot_be_vouched_for_is_wrong_use(request_id: str, option: str, value: str) -> None:
    words = [*GOOD]
    words[words.index(option) + 1] = value
    assert run("guardian", "attest", request_id, *words).exit_code == 2


def test_a_request_that_waits_for_no_review_is_not_reviewed(request_id: str) -> None:
    run("operator", "add", "jo-smith")
    came = run("guardian", "review", request_id, "--operator", "jo-smith", "--approve")
    assert came.exit_code == 1


def test_nobody_without_a_key_reviews(request_id: str) -> None:
    came = run("guardian", "review", request_id, "--operator", "jo-smith", "--refuse")
    assert (came.exit_code, "agegate operator add" in came.stderr) == (1, True)


@pytest.fixture
def sixth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A request for a guardian's sixth child, which waits for a person."""
    home = commanded_home(tmp_path, monkeypatch)
    for number in range(6):
        waiting_minor(home, f"c{number}")
        request = ask_guardian(home, f"c{number}")
    home.house.close()
    return request


def test_who_waits_for_a_persons_word_is_listed_without_an_address(sixth: str) -> None:
    came = run("guardian", "waiting")
    told = came.exit_code, came.stdout.count(sixth), "@" in came.stdout, "1 waiting" in came.stderr
    assert told == (0, 1, False, True)


def test_the_list_is_facts_for_programs_too(sixth: str) -> None:
    (waiting,) = json.loads(run("guardian", "waiting", "--json").stdout)
    assert {name: waiting[name] for name in ("request", "service", "subject", "children", "flags")} == {
        "request": sixth,
        "service": "game",
        "subject": "c5",
        "children": 6,
        "flags": [],
    }


def test_whoever_was_decided_on_waits_no_more(sixth: str) -> None:
    run("operator", "add", "jo-smith")
    run("guardian", "review", sixth, "--operator", "jo-smith", "--approve")
    assert json.loads(run("guardian", "waiting", "--json").stdout) == []


def test_another_services_list_is_empty(sixth: str) -> None:
    assert (json.loads(run("guardian", "waiting", "--service", "scan", "--json").stdout), len(sixth)) == ([], 26)
