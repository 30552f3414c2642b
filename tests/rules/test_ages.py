"""Ages in completed years, and the four rules for those born on 29 February."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agegate.rules.birth_date import BirthDate, LeapRule, latest_birth
from tests.rules.samples import born

ANY_DAY = st.dates(date(1900, 1, 1), date(2150, 12, 31))
AGES = st.integers(0, 25)
RULES = st.sampled_from(LeapRule)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2010-03-02", "2026-03-01", 15),  # the day before
        ("2010-03-01", "2026-03-01", 16),  # the birthday itself
        ("2010-12-31", "2026-01-01", 15),
        ("2026-11-22", "2026-11-22", 0),
        ("2026-11-23", "2026-11-22", 0),  # born, but not yet at a place further west
    ],
)
def test_the_birthday_itself_counts(birth: str, day: str, age: int) -> None:
    assert born(birth).age_on(date.fromisoformat(day)) == age


@pytest.mark.parametrize(
    ("rule", "first_day"),
    [
        (LeapRule.MAR1, "2026-03-01"),
        (LeapRule.FEB28_END, "2026-03-01"),
        (LeapRule.UNKNOWN, "2026-03-01"),
        (LeapRule.FEB28, "2026-02-28"),
    ],
)
def test_a_leap_child_turns_fourteen_by_the_rule_of_the_place(rule: LeapRule, first_day: str) -> None:
    assert born("2012-02-29").reaches(14, rule) == date.fromisoformat(first_day)


@pytest.mark.parametrize("rule", LeapRule)
def test_a_leap_child_has_its_own_birthday_in_a_leap_year(rule: LeapRule) -> None:
    assert born("2012-02-29").reaches(16, rule) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("age", "rule", "today", "birth"),
    [
        (14, LeapRule.MAR1, "2026-11-22", "2012-11-22"),
        (14, LeapRule.MAR1, "2026-02-28", "2012-02-28"),
        (14, LeapRule.FEB28, "2026-02-28", "2012-02-29"),
        (13, LeapRule.FEB28, "2026-02-28", "2013-02-28"),  # no such day in 2013
        (16, LeapRule.FEB28, "2028-02-28", "2012-02-28"),  # the 29th is tomorrow
        (16, LeapRule.FEB28, "2028-02-29", "2012-02-29"),
        (14, LeapRule.FEB28, "2028-02-29", "2014-02-28"),
        (14, LeapRule.MAR1, "2026-03-01", "2012-03-01"),
    ],
)
def test_the_latest_birth_date_that_has_reached_an_age(age: int, rule: LeapRule, today: str, birth: str) -> None:
    assert latest_birth(age, rule, date.fromisoformat(today)) == date.fromisoformat(birth)


def test_the_last_year_of_the_calendar_has_birthdays() -> None:
    assert born("9981-05-06").reaches(18) == date(9999, 5, 6)


def test_an_age_beyond_the_calendar_is_never_reached() -> None:
    assert born("9990-01-01").reaches(18) == date.max


def test_the_calendar_begins_with_year_one() -> None:
    assert latest_birth(18, LeapRule.MAR1, date(5, 6, 7)) == date(1, 6, 7)


@given(ANY_DAY, ANY_DAY, AGES, RULES)
def test_an_age_is_reached_exactly_when_the_completed_years_say_so(
    birth: date, day: date, age: int, rule: LeapRule
) -> None:
    person = BirthDate(birth)
    assert (max(day, birth) >= person.reaches(age, rule)) == (person.age_on(max(day, birth), rule) >= age)


@given(ANY_DAY, ANY_DAY, AGES, RULES)
def test_the_latest_birth_date_divides_those_who_reached_an_age(
    birth: date, day: date, age: int, rule: LeapRule
) -> None:
    assert (birth <= latest_birth(age, rule, day)) == (day >= BirthDate(birth).reaches(age, rule))


@given(ANY_DAY, ANY_DAY, ANY_DAY, RULES)
def test_nobody_gets_younger(birth: date, one: date, other: date, rule: LeapRule) -> None:
    ages = [BirthDate(birth).age_on(day, rule) for day in sorted((one, other))]
    assert ages == sorted(ages)
