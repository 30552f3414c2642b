"""The shipped table: complete, and right where a mistake would admit or bar a whole country."""

import csv
from datetime import date
from enum import Enum
from pathlib import Path

import pytest

from agegate.law.loader import load_law
from agegate.law.places import country_fault
from agegate.rules.place import Place

LAW = load_law()
ROWS = {row.id: row for row in LAW.rows}
TODAY = date(2026, 11, 22)
LINES = Path(__file__).with_name("rows.tsv").read_text("utf-8").splitlines()
EXPECTED = list(csv.DictReader(LINES, delimiter="\t"))
"""One line for each row: a rule changes by its block in the law file and its line here."""


def written(value: object) -> str:
    """A value as the expected lines write it."""
    if value is None:
        return "-"
    return str(value.value) if isinstance(value, Enum) else str(value)


def ids(code: str, day: str, service_class: str = "any") -> list[str]:
    country, _, suffix = code.partition("-")
    place = Place(country, code if suffix else None)
    return [row.id for row in LAW.applicable(place, service_class, date.fromisoformat(day))]


def test_every_row_has_its_line_among_the_expected() -> None:
    assert list(ROWS) == [line["id"] for line in EXPECTED]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda line: line["id"])
def test_a_row_says_what_is_expected_of_it(expected: dict[str, str]) -> None:
    row = ROWS[expected["id"]]
    told = {"place": row.region or row.country} | {name: getattr(row, name) for name in expected if name != "place"}
    assert {name: written(value) for name, value in told.items()} == expected


def test_every_row_carries_its_source() -> None:
    assert all(row.citation and row.evidence and row.confidence for row in LAW.rows)


@pytest.mark.parametrize(
    ("name", "details"),
    [
        ("US-CA-ccpa", {"teen_self_consent_from": 13, "teen_self_consent_until": 16}),
        ("TH-pdpa", {"guardian_always_below": 10}),
        ("US-OR-hb2008", {"prohibited_below": 16}),
        ("CL-2026", {"sensitive_consent_age": 16}),
        ("DE-gdpr8", {}),
    ],
)
def test_finer_provisions_are_kept_for_the_record(name: str, details: dict[str, int]) -> None:
    assert dict(ROWS[name].details) == details


@pytest.mark.parametrize(
    ("code", "day", "service_class", "expected"),
    [
        # rules that begin and end by themselves
        ("DK", "2023-12-31", "any", ["DK-gdpr8-2018"]),
        ("DK", "2024-01-01", "any", ["DK-gdpr8-2024"]),
        ("CL", "2026-11-30", "any", ["CL-old"]),
        ("CL", "2026-12-01", "any", ["CL-2026"]),
        ("IN", "2027-05-12", "any", ["IN-pre"]),
        ("IN", "2027-05-13", "any", ["IN-dpdp"]),
        ("US", "2025-06-22", "any", ["US-coppa-2013"]),
        ("US", "2025-06-23", "any", ["US-coppa-2025"]),
        # kept for the record only
        ("US-UT", "2026-11-22", "social_media", ["US-coppa-2025"]),
        ("US-UT", "2026-11-22", "app_store", ["US-coppa-2025"]),
        ("US-UT", "2027-05-06", "app_store", ["US-coppa-2025", "US-UT-sb142"]),
        ("US-AR", "2024-01-01", "social_media", ["US-coppa-2013"]),
        ("US-NE", "2026-11-22", "likely_accessed_by_minors", ["US-coppa-2025"]),
        ("US-CA", "2027-01-01", "app_store_or_os", ["US-coppa-2025"]),
        ("FR", "2026-11-22", "social_media", ["FR-gdpr8"]),
        ("TR", "2026-11-22", "social_media", ["TR-consent"]),
        ("LK", "2026-11-22", "any", ["default"]),
        # a country with its subdivision, a class with the wider one
        ("CA", "2026-11-22", "any", ["CA-opc"]),
        ("CA-QC", "2026-11-22", "any", ["CA-opc", "CA-QC-consent"]),
        ("US-FL", "2026-11-22", "social_media", ["US-coppa-2025"]),
        ("US-FL", "2026-11-22", "social_media_addictive", ["US-coppa-2025", "US-FL-hb3"]),
        ("AU", "2026-11-22", "social_media_large", ["AU-oaic", "AU-smma"]),
        # codes that other formats swallow, and countries without a row
        ("NO", "2026-11-22", "any", ["NO-gdpr8"]),
        ("NA", "2026-11-22", "any", ["default"]),
        ("XK", "2026-11-22", "any", ["default"]),
        ("ZW", "2026-11-22", "any", ["default"]),
        # before anything was on file
        ("US", "1999-01-01", "any", ["default"]),
    ],
)
def test_the_rules_that_count_on_a_day(code: str, day: str, service_class: str, expected: list[str]) -> None:
    assert ids(code, day, service_class) == expected


@pytest.mark.parametrize(
    ("code", "adult"),
    [
        ("US", 18),
        ("US-AL", 19),
        ("US-NE", 19),
        ("US-MS", 21),
        ("CA-BC", 19),
        ("TH", 20),
        ("SG", 21),
        ("KR", 19),
        ("ZW", 18),
    ],
)
def test_the_age_of_majority(code: str, adult: int) -> None:
    country, _, suffix = code.partition("-")
    assert LAW.adult_age(Place(country, code if suffix else None), TODAY) == adult


def test_majority_in_japan_was_lowered_in_april_2022() -> None:
    days = (date(2022, 3, 31), date(2022, 4, 1))
    assert [LAW.adult_age(Place("JP"), day) for day in days] == [20, 18]


def test_the_watchlist_is_kept_for_people() -> None:
    assert (len(LAW.watchlist), LAW.as_of) == (18, TODAY)


def test_every_jurisdiction_is_a_country() -> None:
    assert [row.country for row in LAW.rows if country_fault(row.country)] == []
