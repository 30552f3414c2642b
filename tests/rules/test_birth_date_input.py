"""Every bad date of birth by name: refused with its code, before any parser can make an adult of it."""

from datetime import date
from time import perf_counter

import pytest

from agegate.rules.birth_date import BirthDate, BirthDateRefused

TODAY = date(2026, 11, 22)

REFUSED: list[tuple[object, str]] = [
    # not a text: lax parsers read 0 as 1970 and a timestamp as 2010
    (0, "invalid_type"),
    (-1, "invalid_type"),
    (1.5, "invalid_type"),
    (1262304000, "invalid_type"),
    (True, "invalid_type"),
    (None, "invalid_type"),
    ([], "invalid_type"),
    ({}, "invalid_type"),
    (date(2010, 1, 1), "invalid_type"),
    # texts that some parser would take
    ("0", "invalid_format"),
    ("1262304000", "invalid_format"),
    ("", "invalid_format"),
    ("abc", "invalid_format"),
    ("2010-2-3", "invalid_format"),
    ("20100203", "invalid_format"),
    ("01/02/2010", "invalid_format"),
    ("2010-W01-1", "invalid_format"),
    ("2010-001", "invalid_format"),
    ("2010-01-01T00:00:00", "invalid_format"),
    ("2010-01-01Z", "invalid_format"),
    (" 2010-01-01", "invalid_format"),
    ("2010-01-01 ", "invalid_format"),
    ("2010-01-01\n", "invalid_format"),
    ("٢٠١٠-٠١-٠١", "invalid_format"),  # noqa: RUF001 - digits of another script are the point
    ("２０１０-０１-０１", "invalid_format"),  # noqa: RUF001 - full-width digits
    ("2010\u201001\u201001", "invalid_format"),
    ("2010-01-01\u0000", "invalid_format"),
    ("-2010-01-01", "invalid_format"),
    ("2010-", "invalid_format"),
    # dates that never were
    ("2010-02-30", "not_a_date"),
    ("2010-13-01", "not_a_date"),
    ("2010-00-10", "not_a_date"),
    ("2023-02-29", "not_a_date"),
    ("1900-02-29", "not_a_date"),
    ("0000-01-01", "not_a_date"),
    ("2010-13", "not_a_date"),
    ("0000", "not_a_date"),
    # dates that nobody alive has
    ("0001-01-01", "out_of_range"),
    ("1850-01-01", "out_of_range"),
    ("1900-12-31", "out_of_range"),  # 126 calendar years back
    ("1900", "out_of_range"),
    ("9999-12-31", "in_future"),
    ("2026-11-23", "in_future"),
    ("2026-12", "in_future"),
    ("2027", "in_future"),
]

READ = [
    ("2012-02-29", "2012-02-29"),
    ("2000-02-29", "2000-02-29"),
    ("1901-01-01", "1901-01-01"),  # 125 calendar years back
    ("2026-11-22", "2026-11-22"),  # born today
    # the youngest that a part of a date can mean
    ("2010", "2010-12-31"),
    ("2010-04", "2010-04-30"),
    ("2012-02", "2012-02-29"),
    ("2011-02", "2011-02-28"),
    ("2026", "2026-11-22"),
    ("2026-11", "2026-11-22"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED, ids=repr)
def test_a_bad_date_of_birth_is_refused_with_its_code(text: object, code: str) -> None:
    with pytest.raises(BirthDateRefused) as refused:
        BirthDate.read(text, TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize(("text", "iso"), READ)
def test_a_date_of_birth_is_read_as_the_youngest_it_can_mean(text: str, iso: str) -> None:
    assert BirthDate.read(text, TODAY).iso == iso


@pytest.mark.parametrize("text", ["2026", "2026-01", "2026-01-01"])
def test_on_new_years_day_the_new_year_is_no_future(text: str) -> None:
    assert BirthDate.read(text, date(2026, 1, 1)).iso == "2026-01-01"


def test_a_refusal_never_repeats_what_was_sent() -> None:
    with pytest.raises(BirthDateRefused) as refused:
        BirthDate.read("31.12.2013", TODAY)
    assert "2013" not in f"{refused.value!s}{refused.value!r}"


def test_ten_thousand_digits_are_refused_at_once() -> None:
    started = perf_counter()
    with pytest.raises(BirthDateRefused):
        BirthDate.read("9" * 10_000, TODAY)
    assert perf_counter() - started < 0.005


@pytest.mark.parametrize("show", [repr, str, "{}".format])
def test_a_birth_date_never_shows_itself(show: type[str]) -> None:
    assert show(BirthDate(date(2013, 5, 6))) == "BirthDate(…)"


def test_what_is_sealed_comes_back_the_same() -> None:
    birth_date = BirthDate(date(2012, 2, 29))
    assert BirthDate.of_iso(birth_date.iso) == birth_date


def test_the_greater_birth_date_is_the_younger_person() -> None:
    assert BirthDate(date(2014, 1, 1)) > BirthDate(date(2013, 12, 31))
