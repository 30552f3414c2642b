"""Why a row counts or does not, held to the judgement itself."""

from datetime import date

import pytest

from agegate.law.explanation import Explanation, explain, place_name
from agegate.law.limits import Limits, limits_of
from agegate.law.loader import load_law
from agegate.rules.place import Place

LAW = load_law()
TODAY = date(2026, 11, 22)


def told(code: str, service_class: str = "any", day: date = TODAY) -> Explanation:
    country, inner, _ = code.partition("-")
    return explain(LAW, Place(country, code if inner else None), service_class, day)


def why(code: str, rule: str, service_class: str = "any", day: date = TODAY) -> tuple[bool, str]:
    return next((each.counts, each.why) for each in told(code, service_class, day).rows if each.row.id == rule)


@pytest.mark.parametrize("day", [date(2019, 7, 1), TODAY, date(2026, 12, 1), date(2027, 7, 2)], ids=str)
@pytest.mark.parametrize("service_class", LAW.service_classes)
def test_the_rows_said_to_count_are_those_that_decide(service_class: str, day: date) -> None:
    for place in (*LAW.places, Place("ZW")):
        explained = explain(LAW, place, service_class, day)
        counted = [each.row for each in explained.rows if each.counts]
        assert counted == list(LAW.applicable(place, service_class, day))
        assert all(each.why for each in explained.rows)


@pytest.mark.parametrize(
    ("code", "rule", "service_class", "day", "expected"),
    [
        ("DE", "DE-gdpr8", "any", TODAY, (True, "in force")),
        ("DE", "DE-gdpr8", "any", date(2018, 5, 24), (False, "starts on 2018-05-25")),
        ("CL", "CL-2026", "any", date(2026, 11, 30), (False, "starts on 2026-12-01")),
        ("CL", "CL-2026", "any", date(2026, 12, 1), (True, "has begun")),
        ("CL", "CL-old", "any", date(2026, 12, 1), (False, "ended on 2026-12-01, followed by CL-2026")),
        ("CL", "CL-old", "any", TODAY, (True, "in force without a number: the fallback 18 is used")),
        ("US-TN", "US-TN-hb1891", "any", TODAY, (False, "for social_media only")),
        ("US-TN", "US-TN-hb1891", "social_media", TODAY, (True, "in force")),
        ("ZW", "default", "any", TODAY, (True, "stands in where no rule that counts gives an age")),
        (
            "US-CA",
            "US-CA-ab1043",
            "app_store_or_os",
            TODAY,
            (False, "about age signals, not whom to admit; asks for no consent; starts on 2027-01-01"),
        ),
    ],
)
def test_the_reason_is_told(code: str, rule: str, service_class: str, day: date, expected: tuple[bool, str]) -> None:
    assert why(code, rule, service_class, day) == expected


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        ("US-CA", ["US-coppa-2025"]),
        ("ZW", ["default"]),
        ("CA-QC", ["CA-QC-consent"]),
    ],
)
def test_the_strictest_rules_are_named(code: str, rules: list[str]) -> None:
    assert [row.id for row in told(code).strictest] == rules


@pytest.mark.parametrize(
    ("place", "service_class", "expected"),
    [
        (Place("DE"), "any", Limits(16, ("guardian_reasonable_effort",), None, 18, "")),
        (Place("ZW"), "any", Limits(18, ("guardian",), None, 18, "default")),
        (Place("CL"), "any", Limits(18, ("guardian",), None, 18, "fallback")),
        (Place("AU"), "social_media", Limits(15, ("guardian",), 16, 18, "")),
        (Place("US", "US-AL"), "any", Limits(13, ("verifiable_guardian",), None, 19, "")),
    ],
)
def test_the_limits_of_the_law_are_its_strictest_ages(place: Place, service_class: str, expected: Limits) -> None:
    assert limits_of(LAW, place, service_class, TODAY) == expected


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Place("DE"), "Germany"),
        (Place("US"), "United States"),
        (Place("US", "US-CA"), "California"),
        (Place("US", "US-WY"), "United States (US-WY)"),
        (Place("ZW"), "Zimbabwe"),
    ],
)
def test_a_place_has_a_name_for_people(place: Place, name: str) -> None:
    assert place_name(LAW, place) == name
