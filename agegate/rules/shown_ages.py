"""Which thresholds a token may show as reached.

Owns the strict reading: at every plausible place, on its own day, by the latest leap rule of its rules, and never past
what a signal caps. Who may learn a threshold at all is not asked here.
"""

from collections.abc import Iterable
from datetime import date

from agegate.rules.birth_date import BirthDate, LeapRule
from agegate.rules.law_row import LawRow


def shown_age(birth_date: BirthDate, at: Iterable[tuple[LeapRule, date]], cap: int | None = None) -> int:
    """The highest threshold that counts as reached; `at` gives the leap rule and the day of each place."""
    reached = min(birth_date.age_on(day, leap) for leap, day in at)
    return reached if cap is None else min(reached, cap)


def latest_leap(rows: Iterable[LawRow]) -> LeapRule:
    """The leap rule that all of these rules are content with: 28 February only where every one says so."""
    rules = [row.leap_day for row in rows]
    return LeapRule.FEB28 if rules and all(rule.early for rule in rules) else LeapRule.MAR1
