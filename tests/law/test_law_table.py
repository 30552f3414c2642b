"""The shipped table: complete, and right where a mistake would admit or bar a whole country."""

from collections import Counter
from datetime import date

import pytest

from agegate.law.loader import load_law
from agegate.law.places import country_fault
from agegate.rules.birth_date import LeapRule
from agegate.rules.law import ConsentMethod, Kind, Status
from agegate.rules.place import Place

LAW = load_law()
ROWS = {row.id: row for row in LAW.rows}
TODAY = date(2026, 11, 22)


def ids(code: str, day: str, service_class: str = "any") -> list[str]:
    country, _, suffix = code.partition("-")
    place = Place(country, code if suffix else None)
    return [row.id for row in LAW.applicable(place, service_class, date.fromisoformat(day))]


def test_every_row_is_there() -> None:
    assert (len(ROWS), len({(row.country, row.region) for row in LAW.rows})) == (149, 111)


def test_every_row_carries_its_source() -> None:
    assert all(row.citation and row.evidence and row.confidence for row in LAW.rows)


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        (
            Counter(row.kind for row in LAW.rows),
            {
                Kind.CONSENT: 102,
                Kind.ACCOUNT_CONSENT: 18,
                Kind.NO_FIXED_AGE: 13,
                Kind.BLOCK: 7,
                Kind.DESIGN_DUTY: 4,
                Kind.FEATURE_CONSENT: 2,
                Kind.GUARDIAN_LINK: 2,
                Kind.AGE_SIGNAL: 1,
            },
        ),
        (
            Counter(row.status for row in LAW.rows),
            {
                Status.IN_FORCE: 119,
                Status.FUTURE: 8,
                Status.ENJOINED: 7,
                Status.GUIDANCE: 5,
                Status.TRANSITION: 2,
                Status.PARTLY_ENJOINED: 2,
                Status.NEVER_EFFECTIVE: 2,
                Status.ENACTED_NOT_IN_FORCE: 2,
                Status.UNCONFIRMED_DATE: 1,
                Status.STRUCK_DOWN: 1,
            },
        ),
        (
            Counter(row.consent_method for row in LAW.rows),
            {
                ConsentMethod.GUARDIAN: 49,
                ConsentMethod.GUARDIAN_REASONABLE_EFFORT: 44,
                ConsentMethod.VERIFIABLE_GUARDIAN: 42,
                ConsentMethod.NONE_POSSIBLE: 5,
                ConsentMethod.NONE_REQUIRED: 5,
                ConsentMethod.JOINT: 2,
                ConsentMethod.GUARDIAN_LINK: 2,
            },
        ),
        (
            Counter(row.leap_day for row in LAW.rows),
            {LeapRule.UNKNOWN: 135, LeapRule.FEB28_END: 8, LeapRule.MAR1: 5, LeapRule.FEB28: 1},
        ),
        (
            Counter(row.consent_age for row in LAW.rows),
            {13: 34, 18: 33, 16: 30, None: 23, 14: 17, 15: 9, 12: 1, 20: 1, 19: 1},
        ),
        (Counter(row.block_age for row in LAW.rows), {None: 142, 16: 4, 15: 2, 14: 1}),
        (Counter(row.fallback_age for row in LAW.rows), {None: 136, 18: 6, 16: 5, 14: 1, 20: 1}),
        (Counter(row.date_precision for row in LAW.rows), {None: 143, "approx": 6}),
    ],
    ids=["kind", "status", "method", "leap", "consent", "block", "fallback", "precision"],
)
def test_no_fact_was_lost_on_the_way_into_the_file(counted: Counter[object], expected: dict[object, int]) -> None:
    assert counted == expected


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
