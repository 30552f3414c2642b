"""Dates of birth and countries at the door: each row of bad input with its code."""

from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from tests.web.signup_bodies import LEAST, found

BIRTH_DATES: list[tuple[JsonValue, str]] = [
    (0, "invalid_type"),
    (-1, "invalid_type"),
    (1.5, "invalid_type"),
    (1262304000, "invalid_type"),
    (True, "invalid_type"),
    (None, "invalid_type"),
    ([], "invalid_type"),
    ({}, "invalid_type"),
    *[(text, "invalid_format") for text in ("0", "1262304000", "", "abc", "2010-2-3", "20100203", "01/02/2010")],
    *[(text, "invalid_format") for text in ("2010-W01-1", "2010-001", "2010-01-01T00:00:00", "2010-01-01Z")],
    *[(text, "invalid_format") for text in (" 2010-01-01", "2010-01-01 ", "2010-01-01\n", "2010-01-01\0")],
    ("\u0662\u0660\u0661\u0660-\u0660\u0661-\u0660\u0661", "invalid_format"),  # Arabic-Indic digits
    ("\uff12\uff10\uff11\uff10-01-01", "invalid_format"),  # full-width digits
    ("2010\u201001\u201001", "invalid_format"),  # another hyphen
    *[(text, "not_a_date") for text in ("2010-02-30", "2010-13-01", "2023-02-29", "1900-02-29", "2010-00-00")],
    *[(text, "out_of_range") for text in ("0001-01-01", "1850-01-01")],
    *[(text, "in_future") for text in ("9999-12-31", "2026-11-24", "2027")],
    ("9" * 10_000, "invalid_format"),
]


@pytest.mark.parametrize(("value", "code"), BIRTH_DATES)
def test_a_date_of_birth_is_refused_by_code(value: JsonValue, code: str) -> None:
    assert found({**LEAST, "date_of_birth": value}) == [("/date_of_birth", code)]


@pytest.mark.parametrize("text", ["2012-02-29", "2026-11-22", "2010-03", "2010"])
def test_a_date_of_birth_is_taken(text: str) -> None:
    assert found({**LEAST, "date_of_birth": text}) == []


@pytest.mark.parametrize(
    ("now", "faults"),
    [
        (datetime(2026, 11, 22, 9, 59, 59, tzinfo=UTC), [("/date_of_birth", "in_future")]),
        (datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC), []),  # midnight of the 23rd in UTC+14
    ],
)
def test_a_birth_is_in_the_future_until_the_day_begins_anywhere(now: datetime, faults: list[tuple[str, str]]) -> None:
    assert found({**LEAST, "date_of_birth": "2026-11-23"}, now) == faults


COUNTRIES: list[tuple[JsonValue, str]] = [
    *[(text, "not_iso3166_alpha2") for text in ("gb", "USA", "840", "", "G\u0412", "US-CA", " DE", "DE\n")],
    *[(text, "not_iso3166_alpha2") for text in ("ZZ", "XX", "EU", "UN", "AN", "SU")],
    *[(text, "reserved_code") for text in ("UK", "EL")],
    (0, "invalid_type"),
    (None, "invalid_type"),
    (["DE"], "invalid_type"),
    ({"code": "DE"}, "invalid_type"),
]


@pytest.mark.parametrize(("value", "code"), COUNTRIES)
def test_a_country_is_refused_by_code(value: JsonValue, code: str) -> None:
    assert found({**LEAST, "country": value}) == [("/country", code)]


@pytest.mark.parametrize("code", ["NO", "NA", "XK", "DE", "US"])
def test_a_country_is_taken(code: str) -> None:
    assert found({**LEAST, "country": code}) == []
