"""The judgement: who may in, who needs a guardian, who stays out, and why.

Owns the question `decide` and its kin. Pure: the table, the person's date of birth and the day come in, a
named answer goes out; nothing is read or logged.
"""

from collections.abc import Sequence
from datetime import date

from agegate.rules.birth_date import BirthDate
from agegate.rules.law import Law
from agegate.rules.outcome import (
    Allowed,
    Blocked,
    ConsentRequired,
    Decision,
    Reason,
    strictness,
)
from agegate.rules.place import Place
from agegate.rules.plan import Plan, lasting
from agegate.rules.profile import Profile
from agegate.rules.requirements import Requirements, requirements
from agegate.rules.signals import AgeSignal, lowest_cap

__all__ = [
    "Allowed",
    "Blocked",
    "ConsentRequired",
    "Decision",
    "Reason",
    "Requirements",
    "decide",
    "requirements",
    "stricter",
    "strictness",
]


def decide(
    profile: Profile,
    law: Law,
    birth_date: BirthDate,
    place: Place,
    today: date,
    signals: Sequence[AgeSignal] = (),
) -> Decision:
    """The answer to somebody who signs up: the strictest rule stands, a signal only makes it stricter."""
    plan = law.plan(profile, place, today)
    missed = plan.step_of(birth_date)
    if signals:
        return _with_signals(plan, missed, birth_date, signals)
    return plan.steps[missed].answer_to(birth_date)


def stricter(one: Decision, other: Decision) -> Decision:
    """The answer where two places are plausible: the stricter; of two consents, what satisfies both."""
    if strictness(one.name) != strictness(other.name):
        return max(one, other, key=lambda answer: strictness(answer.name))
    more = tuple(reason for reason in other.reasons if reason not in one.reasons)
    if isinstance(one, ConsentRequired) and isinstance(other, ConsentRequired):
        joint = ConsentRequired(
            max(one.assurance, other.assurance),
            one.assent_needed or other.assent_needed,
            None,
            one.reasons,
            one.profile,
        )
        return lasting(joint, _later(one.until, other.until), *more)
    if isinstance(one, Blocked) and isinstance(other, Blocked):
        return lasting(one, _later(one.until, other.until), *more)
    return lasting(one, None, *more)


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else None


def _with_signals(plan: Plan, missed: int, birth_date: BirthDate, signals: Sequence[AgeSignal]) -> Decision:
    cap = lowest_cap(signals)
    missed_by_signal = plan.step_at_most(cap[0]) if cap else 0
    if cap is None or missed_by_signal <= missed:
        return plan.steps[missed].answer_to(birth_date)
    told = Reason(f"signal:{cap[1].source}", "An age signal tells a lower age than the date of birth does")
    return lasting(plan.steps[missed_by_signal].answer, None, told)
