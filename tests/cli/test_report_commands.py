"""`agegate report …`: the queue, one case, a claim of the staff, and rulings by people, by name."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import commanded_home, run
from tests.houses import Home
from tests.journeys.people import decision
from tests.reports.people import adult, reported

SECRET = "the chat of the tenth says so"
JO, KIM = ("--operator", "jo"), ("--operator", "kim")
WHY = ("--reason", "as seen")
PAPERS = ("--kind", "document", "--reference", "case 7", "--assurance", "high")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A house that the commands open too, with an adult `sam` and two people of the operator."""
    opened = commanded_home(tmp_path, monkeypatch)
    adult(opened)
    for person in ("jo", "kim"):
        assert run("operator", "add", person).exit_code == 0
    return opened


def test_the_queue_lists_what_waits_and_nothing_personal(home: Home) -> None:
    case = reported(home, detail=SECRET)
    listed = run("report", "list", "--json")
    found = json.loads(listed.stdout)
    assert [(each["id"], each["state"], each["shuts"]) for each in found] == [(case, "received", True)]
    assert SECRET not in listed.stdout
    assert "sam" not in run("report", "list").stdout


def test_a_case_shows_what_was_said_to_a_person_by_name_only(home: Home) -> None:
    case = reported(home, detail=SECRET)
    masked, shown = run("report", "show", case), run("report", "show", case, *JO, "--json")
    assert SECRET not in masked.stdout
    assert {name: json.loads(shown.stdout)[name] for name in ("subject", "detail")} == {
        "subject": "sam",
        "detail": SECRET,
    }
    assert run("report", "show", case, "--operator", "eve").exit_code == 1


def test_two_people_rule_on_what_is_contested(home: Home) -> None:
    case = reported(home)
    assert run("report", "contest", case, *PAPERS, *JO).exit_code == 0
    first = run("report", "rule", case, "upheld", *WHY, *JO)
    again = run("report", "rule", case, "upheld", *WHY, *JO)
    assert (first.exit_code, again.exit_code, "another person" in again.stderr.lower()) == (0, 1, True)
    second = json.loads(run("report", "rule", case, "upheld", *WHY, *KIM, "--json").stdout)
    assert (second["state"], len(second["purge"])) == ("upheld", 26)
    assert run("report", "list", "--ended", "--json").stdout.count(case) == 1


def test_staff_knowledge_shuts_at_once(home: Home) -> None:
    case = run("report", "add", "game", "sam", *JO)
    assert (case.exit_code, len(case.stdout.strip()), decision(home, "sam")) == (0, 26, "restricted")


def test_the_operator_names_whom_a_form_meant(home: Home) -> None:
    home.browse("POST", "/report/game", {"account": "Sam the Great"})
    case = json.loads(run("report", "list", "--json").stdout)[0]["id"]
    assert json.loads(run("report", "show", case, *JO, "--json").stdout)["account"] == "Sam the Great"
    assert "received" in run("report", "name", case, "sam", *JO).stderr


@pytest.mark.parametrize(
    "words",
    [
        ("rule", "x", "maybe", *WHY, *JO),
        ("rule", "x", "upheld", *WHY, "--operator", "Jo Smith"),
        ("contest", "x", "--kind", "rumour", "--reference", "7", "--assurance", "high", *JO),
        ("add", "game", "sam", "--basis", "sweep", *JO),
        ("add", "game", "sam@example.org", *JO),
        ("name", "x", "two words", *JO),
    ],
)
def test_what_cannot_be_said_is_wrong_use(home: Home, words: tuple[str, ...]) -> None:
    assert (run("report", *words).exit_code, decision(home, "sam")) == (2, "allowed")


@pytest.mark.parametrize(
    "words",
    [
        ("rule", "x", "upheld", *WHY, *JO),
        ("show", "x"),
        ("contest", "x", *PAPERS, *JO),
        ("name", "x", "sam", *JO),
        ("add", "nothing", "sam", *JO),
        ("add", "game", "sam", "--operator", "eve"),
    ],
)
def test_what_is_not_there_is_refused(home: Home, words: tuple[str, ...]) -> None:
    assert (run("report", *words).exit_code, decision(home, "sam")) == (1, "allowed")
