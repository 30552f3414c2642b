"""Which thresholds a token may show as reached.

Owns the strict reading: at every plausible place, on its own day, by the latest leap rule of its rules, and never past
what a signal caps. Who may learn a threshold at all is not asked here.
"""

from collections.abc import Iterable
from datetime import date

from agegate.rules.birth_date import BirthDate, LeapRule
from agegate.rules.law_row import LawRow


def is_shown_over(age: int, birth_date: BirthDate, at: Iterable[tuple[LeapRule, date]], cap: int | None = None) -> bool:
    """Whether somebody counts as having reached that age; `at` gives the leap rule and the day of each place."""
    if cap is not None and age > cap:
        return False
    return all(birth_date.age_on(day, leap) >= age for leap, day in at)


def latest_leap(rows: Iterable[LawRow]) -> LeapRule:
    """The leap rule that all of these rules are content with: 28 February only where every one says so."""
    rules = [row.leap_day for row in rows]
    return LeapRule.FEB28 if rules and all(rule.early for rule in rules) else LeapRule.MAR1
