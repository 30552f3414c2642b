"""A date of birth: how it is read, and which age it means on a day.

Owns every judgement about dates and ages, leap days included. Never reads a clock and never shows the date;
which day it is at a place is `law/civil_day.py`'s question.
"""

import re
from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from enum import Enum

OLDEST = 125
"""Years. Nobody on record lived longer, so an older date is a slip or a trick."""

# Matched before any parsing: date parsers take `20100203`, `2010-W01-1` and digits of other scripts.
_WRITTEN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)


class LeapRule(Enum):
    """The day on which somebody born on 29 February gets a year older in a common year."""

    MAR1 = "mar1"
    FEB28_END = "feb28_end"
    """The last moment of 28 February, which in whole days is 1 March."""

    FEB28 = "feb28"
    UNKNOWN = "unknown"
    """Nothing known: 1 March, the protective reading."""

    @property
    def early(self) -> bool:
        """Whether the 28th already counts."""
        return self is LeapRule.FEB28


class BirthDateRefused(ValueError):
    """Not a usable date of birth; `code` says why, and the value is never repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, order=True, repr=False)
class BirthDate:
    """The day somebody was born. The greater of two is the younger person."""

    day: date

    @classmethod
    def read(cls, text: object, latest_today: date) -> "BirthDate":
        """Read `YYYY-MM-DD`, or `YYYY-MM` and `YYYY` as the youngest person they can mean.

        `latest_today` is the latest calendar day anywhere on Earth: nobody is born after it.
        """
        if not isinstance(text, str):
            raise BirthDateRefused("invalid_type")
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise BirthDateRefused("invalid_format")
        first, last = _possible_days(*written.groups())
        if first > latest_today:
            raise BirthDateRefused("in_future")
        if first.year < latest_today.year - OLDEST:
            raise BirthDateRefused("out_of_range")
        return cls(min(last, latest_today))

    @classmethod
    def of_iso(cls, text: str) -> "BirthDate":
        """The date as `iso` wrote it. Only for what was read before: nothing is judged here."""
        return cls(date.fromisoformat(text))

    @property
    def iso(self) -> str:
        """The date in full, `YYYY-MM-DD`: for the sealed field and nothing else."""
        return self.day.isoformat()

    def age_on(self, day: date, leap: LeapRule = LeapRule.UNKNOWN) -> int:
        """Completed years; the birthday itself counts. Before the birth it is 0."""
        month, dom = self._anniversary(day.year, leap)
        return max(0, day.year - self.day.year - ((day.month, day.day) < (month, dom)))

    def reaches(self, age: int, leap: LeapRule = LeapRule.UNKNOWN) -> date:
        """The first day on which that many years are completed."""
        year = self.day.year + age
        if year > MAXYEAR:
            return date.max
        month, dom = self._anniversary(year, leap)
        return date(year, month, dom)

    def _anniversary(self, year: int, leap: LeapRule) -> tuple[int, int]:
        month, dom = self.day.month, self.day.day
        if (month, dom) != (2, 29) or isleap(year):
            return month, dom
        return (2, 28) if leap.early else (3, 1)

    def __repr__(self) -> str:
        return "BirthDate(…)"


def latest_birth(age: int, leap: LeapRule, today: date) -> date:
    """The youngest date of birth that has reached that age today: `reaches` turned around."""
    year = max(MINYEAR, today.year - age)
    month, dom = today.month, today.day
    if (month, dom) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    if (month, dom) == (2, 28) and leap.early and isleap(year) and not isleap(today.year):
        return date(year, 2, 29)
    return date(year, month, dom)


def _possible_days(year: str, month: str | None, dom: str | None) -> tuple[date, date]:
    try:
        if dom is not None:
            day = date.fromisoformat(f"{year}-{month}-{dom}")
            return day, day
        if month is not None:
            last = monthrange(int(year), int(month))[1]
            return date(int(year), int(month), 1), date(int(year), int(month), last)
        return date(int(year), 1, 1), date(int(year), 12, 31)
    except ValueError:
        raise BirthDateRefused("not_a_date") from None
