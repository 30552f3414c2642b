"""Every month end and leap day of two centuries against an oracle that compares texts and knows no calendar.

`2027-02-29` is no date, but as a text it stands between the 28th and the 1st of March: the whole leap rule.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from agegate.rules.birth_date import BirthDate, LeapRule
from agegate.rules.decision import decide
from tests.rules.samples import HOME, PROFILE, ROW, law_of

THRESHOLDS = range(13, 22)


def oracle(birth: str, threshold: int, today: str, rule: str) -> bool:
    """Whether the age is reached, by the order of texts alone."""
    year = int(birth[:4]) + threshold
    day = birth[4:]
    if rule == "feb28" and day == "-02-29" and year % 4 + (year % 100 == 0) - (year % 400 == 0):
        day = "-02-28"
    return today >= f"{year:04}{day}"


def births() -> Iterator[date]:
    for year in range(1900, 2101):
        for month in range(1, 13):
            last = monthrange(year, month)[1]
            yield date(year, month, last)
            if last == 29:
                yield date(year, month, 28)
        yield date(year, 3, 1)


def days_around(birth: date, threshold: int) -> list[date]:
    year = birth.year + threshold
    leap_child = (birth.month, birth.day) == (2, 29) and not isleap(year)
    birthday = date(year, 3, 1) if leap_child else birth.replace(year=year)
    return [birthday + timedelta(days=offset) for offset in ((-2, -1, 0, 1) if leap_child else (-1, 0, 1))]


@pytest.mark.parametrize("rule", LeapRule)
@pytest.mark.parametrize("thresholds", [THRESHOLDS[:5], THRESHOLDS[5:]], ids=["13-17", "18-21"])
def test_the_decision_agrees_with_the_order_of_texts(rule: LeapRule, thresholds: range) -> None:
    asked = 0
    for threshold in thresholds:
        law = law_of(replace(ROW, consent_age=threshold, leap_day=rule))
        for birth in births():
            for today in days_around(birth, threshold):
                allowed = decide(PROFILE, law, BirthDate(birth), HOME, today).name == "allowed"
                assert allowed == oracle(birth.isoformat(), threshold, today.isoformat(), rule.value)
                asked += 1
    assert asked > 30_000
