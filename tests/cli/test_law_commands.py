"""The commands that explain the law and look ahead."""

import json
from datetime import date
from pathlib import Path

import pytest

from agegate.cli.facts import plain
from agegate.clock import utc_now
from agegate.law.civil_day import civil_today
from agegate.rules.place import Place
from tests.cli.commands import run


def test_a_place_is_shown_with_the_rules_that_count_and_those_that_do_not() -> None:
    told = json.loads(run("law", "show", "US-CA", "--on", "2027-01-01", "--json").stdout)
    counts = {rule["id"]: rule["counts"] for rule in told["rules"]}
    assert {rule: counts[rule] for rule in ("US-coppa-2013", "US-coppa-2025", "US-CA-aadc")} == {
        "US-coppa-2013": False,
        "US-coppa-2025": True,
        "US-CA-aadc": False,
    }


def test_the_limits_of_a_place_are_facts() -> None:
    told = json.loads(run("law", "show", "DE", "--on", "2026-11-22", "--json").stdout)
    assert (told["on"], told["strictest"], told["limits"]["consent_below"], told["limits"]["adult_age"]) == (
        "2026-11-22",
        [{"id": "DE-gdpr8", "leap_day": "feb28_end"}],
        16,
        18,
    )


def test_a_rule_is_shown_with_its_source_and_how_sure_we_are() -> None:
    (rule,) = json.loads(run("law", "show", "DE", "--on", "2026-11-22", "--json").stdout)["rules"]
    assert (rule["citation"], rule["evidence"], rule["confidence"], rule["effective_until"]) == (
        "GDPR Art. 8(1) (no derogation in BDSG)",
        "verified: https://blog.kuan0.com/2020/06/",
        "high",
        None,
    )


def test_without_a_day_it_is_today_at_that_place() -> None:
    told = json.loads(run("law", "show", "DE", "--json").stdout)
    assert told["on"] == civil_today(utc_now(), Place("DE")).isoformat()


def test_small_letters_do_as_well() -> None:
    assert json.loads(run("law", "show", "us-ca", "--json").stdout)["place"] == "US-CA"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("DE",), "  guardian consents    below 16 (guardian_reasonable_effort)"),
        (("DE",), "  born on 29 February  older on 1 March (feb28_end) in a common year"),
        (("NZ",), "  born on 29 February  older on 28 February (feb28) in a common year"),
        (("ZW",), "  guardian consents    below 18 (guardian, default)"),
        (("AU", "--class", "social_media"), "  nobody admitted      below 16"),
        (("US-AL",), "  adult                at 19"),
    ],
)
def test_people_read_the_limits_above_the_rules(words: tuple[str, ...], line: str) -> None:
    assert line in run("law", "show", *words, "--on", "2026-11-22").stdout.splitlines()


def test_people_read_why_a_rule_does_not_count() -> None:
    shown = run("law", "show", "CL", "--on", "2026-12-01").stdout
    assert "│ yes: has begun" in shown
    assert "no: ended on 2026-12-01" in shown


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("show", "UK"), "The United Kingdom is GB"),
        (("show", "EU"), "is no country of ISO 3166-1"),
        (("show", "US-XX"), "is no subdivision of ISO 3166-2"),
        (("show", "DE", "--class", "shops"), "there is no class of service shops. Known:"),
        (("show", "DE", "--on", "1.12.2026"), "write a day like 2026-12-01"),
        (("diff", "--from", "2027-01-01", "--to", "2026-01-01"), "Give the earlier day as --from"),
    ],
)
def test_wrong_use_is_told_with_what_would_be_right(words: tuple[str, ...], reason: str) -> None:
    answer = run("law", *words)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert reason in answer.stderr


def test_chile_is_foreseen() -> None:
    assert run("law", "diff", "--from", "2026-11-22", "--to", "2026-12-01").stdout.splitlines() == [
        "CL Chile",
        "  2026-12-01 CL-old ends: Ley 19.628 (original)",
        "  2026-12-01 CL-2026 starts: Ley 19.628 as replaced by Ley 21.719, Art. 16 quater",
        "  for every class of service:",
        "    guardian consents below 18 (guardian, fallback) → below 14 (guardian)",
    ]


def test_a_change_for_some_classes_of_service_names_them() -> None:
    shown = run("law", "diff", "--from", "2027-06-16", "--to", "2027-06-17").stdout.splitlines()
    assert shown[2:] == [
        "  for social_media, social_media_large, social_media_high_risk, social_media_addictive:",
        "    nobody admitted - → below 15",
    ]


def test_a_change_is_a_fact() -> None:
    (change,) = json.loads(run("law", "diff", "--from", "2026-11-22", "--to", "2026-12-01", "--json").stdout)
    assert (change["place"], change["events"][1], change["shifts"][0]["after"]["consent_below"]) == (
        "CL",
        {"day": "2026-12-01", "event": "starts", "rule": "CL-2026"},
        14,
    )


def test_days_without_a_change_are_told_in_words() -> None:
    answer = run("law", "diff", "--from", "2026-11-22", "--to", "2026-11-22")
    assert (answer.exit_code, answer.stdout, answer.stderr) == (
        0,
        "",
        "0 places change after 2026-11-22 and until 2026-11-22.\n",
    )


@pytest.mark.parametrize(
    "words", [("show", "DE"), ("diff", "--from", "2026-11-22", "--to", "2027-01-01")], ids=["show", "diff"]
)
def test_the_law_is_explained_without_a_house(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("law", *words).exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_a_value_that_json_knows_stays_as_it_is() -> None:
    assert plain({"a": (1, None, True, date(2026, 11, 22))}) == {"a": [1, None, True, "2026-11-22"]}
