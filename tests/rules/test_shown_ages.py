"""Which thresholds are shown as reached: at every place, by the latest leap rule, and never above a cap."""

from dataclasses import replace
from datetime import date

import pytest

from agegate.rules.birth_date import BirthDate, LeapRule
from agegate.rules.law_row import LawRow
from agegate.rules.shown_ages import latest_leap, shown_age
from tests.rules.samples import ROW

EARLY, LATE = replace(ROW, leap_day=LeapRule.FEB28), replace(ROW, leap_day=LeapRule.MAR1)
LEAPLING = BirthDate(date(2008, 2, 29))
BORN = BirthDate(date(2008, 11, 22))
THE_DAY, THE_DAY_BEFORE = date(2026, 11, 22), date(2026, 11, 21)


@pytest.mark.parametrize(
    ("rows", "leap"),
    [
        ([], LeapRule.MAR1),
        ([EARLY], LeapRule.FEB28),
        ([EARLY, EARLY], LeapRule.FEB28),
        ([EARLY, LATE], LeapRule.MAR1),
        ([replace(ROW, leap_day=LeapRule.UNKNOWN)], LeapRule.MAR1),
        ([replace(ROW, leap_day=LeapRule.FEB28_END)], LeapRule.MAR1),
    ],
)
def test_the_latest_leap_rule_of_the_rows_stands(rows: list[LawRow], leap: LeapRule) -> None:
    assert latest_leap(rows) is leap


@pytest.mark.parametrize(
    ("rows", "day", "over"),
    [
        ([EARLY], date(2026, 2, 27), False),
        ([EARLY], date(2026, 2, 28), True),
        ([LATE], date(2026, 2, 28), False),
        ([LATE], date(2026, 3, 1), True),
        ([EARLY, LATE], date(2026, 2, 28), False),
    ],
)
def test_somebody_born_on_a_leap_day_reaches_an_age_by_the_rules(rows: list[LawRow], day: date, over: bool) -> None:
    assert (shown_age(LEAPLING, [(latest_leap(rows), day)]) >= 18) is over


@pytest.mark.parametrize(
    ("days", "over"),
    [([THE_DAY], True), ([THE_DAY_BEFORE], False), ([THE_DAY, THE_DAY_BEFORE], False), ([THE_DAY, THE_DAY], True)],
)
def test_the_age_is_reached_at_every_place(days: list[date], over: bool) -> None:
    assert (shown_age(BORN, [(latest_leap([ROW]), day) for day in days]) >= 18) is over


@pytest.mark.parametrize(("cap", "over"), [(None, True), (17, False), (18, True), (20, True)])
def test_a_cap_is_never_passed(cap: int | None, over: bool) -> None:
    assert (shown_age(BORN, [(latest_leap([ROW]), THE_DAY)], cap) >= 18) is over
