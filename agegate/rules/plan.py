"""A profile and the rows of one place on one day, worked out once for everybody.

Owns the joining of demands into answers: the strictest stands. What is asked below which age comes from
`demands.py`; where a plan is kept is `law.py`'s business.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date

from agegate.rules.birth_date import BirthDate, LeapRule, latest_birth
from agegate.rules.demands import Demand, demands
from agegate.rules.law_row import LawRow
from agegate.rules.outcome import Allowed, Blocked, ConsentRequired, Decision, Reason
from agegate.rules.profile import Profile
from agegate.rules.shown_ages import latest_leap

NO_METHOD = "no_method"


@dataclass(frozen=True, slots=True)
class Threshold:
    """An age and whether it is reached on 28 February already by those born on the 29th."""

    age: int
    leap: LeapRule


@dataclass(frozen=True, slots=True)
class Step:
    """The answer to everybody between two thresholds, and the threshold at which the answer changes."""

    answer: Decision
    leaves_at: Threshold | None

    def answer_to(self, birth_date: BirthDate) -> Decision:
        """The answer with its end, which hangs on the person."""
        leaves_at = self.leaves_at
        if leaves_at is None:
            return self.answer
        return lasting(self.answer, birth_date.reaches(leaves_at.age, leaves_at.leap))


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps from grown-up to newborn: step n is for those who miss the n highest thresholds."""

    profile: Profile
    rows: tuple[LawRow, ...]
    thresholds: tuple[Threshold, ...]
    cutoffs: tuple[date, ...]
    """Per threshold the youngest date of birth that has reached it today; they rise as the ages fall."""

    steps: tuple[Step, ...]

    shown_by: LeapRule
    """The leap rule by which a token shows a threshold as reached: the latest that these rows know."""

    def step_of(self, birth_date: BirthDate) -> int:
        """How many thresholds somebody misses today."""
        return bisect_left(self.cutoffs, birth_date.day)

    def step_at_most(self, age: int) -> int:
        """How many thresholds somebody misses who is at most that old."""
        return sum(threshold.age > age for threshold in self.thresholds)


def plan_for(profile: Profile, rows: tuple[LawRow, ...], today: date) -> Plan:
    """Work out every answer that this profile and these rows can give today."""
    asked = demands(profile, rows)
    thresholds = _from_the_highest(asked)
    answers = tuple(_answer(profile, asked, thresholds[:missed]) for missed in range(len(thresholds) + 1))
    return Plan(
        profile=profile,
        rows=rows,
        thresholds=thresholds,
        cutoffs=tuple(latest_birth(each.age, each.leap, today) for each in thresholds),
        steps=tuple(Step(answer, _end(answers, thresholds, n)) for n, answer in enumerate(answers)),
        shown_by=latest_leap(rows),
    )


def lasting(answer: Decision, until: date | None, *more: Reason) -> Decision:
    """The same answer with that end and further reasons."""
    if isinstance(answer, ConsentRequired):
        asked = answer.assurance, answer.assent_needed
        return ConsentRequired(*asked, until, answer.reasons + more, answer.profile)
    if isinstance(answer, Blocked):
        return Blocked(until, answer.reasons + more, answer.profile)
    return Allowed(answer.reasons + more, answer.profile)


def _from_the_highest(asked: tuple[Demand, ...]) -> tuple[Threshold, ...]:
    # Two leap rules that fall on the same day are one threshold; of two days the later one comes first.
    distinct = {(demand.age, not demand.leap.early) for demand in asked}
    return tuple(
        Threshold(age, LeapRule.MAR1 if late else LeapRule.FEB28) for age, late in sorted(distinct, reverse=True)
    )


def _answer(profile: Profile, asked: tuple[Demand, ...], missed: tuple[Threshold, ...]) -> Decision:
    below = {(threshold.age, threshold.leap.early) for threshold in missed}
    held = [demand for demand in asked if (demand.age, demand.leap.early) in below]
    if not held:
        return Allowed(_reasons(asked), profile.label)
    blocks = [demand for demand in held if demand.assurance is None]
    if blocks:
        return Blocked(None, _reasons(blocks), profile.label)
    needed = max(demand.assurance for demand in held if demand.assurance is not None)
    reaching = [method for method in profile.methods if method >= needed]
    if not reaching:
        lacking = Reason(NO_METHOD, f"{profile.label} offers no way to consent that reaches {needed.value}")
        return Blocked(None, (lacking, *_reasons(held)), profile.label)
    assent = any(demand.assent for demand in held)
    return ConsentRequired(min(reaching), assent, None, _reasons(held), profile.label)


def _reasons(asked: tuple[Demand, ...] | list[Demand]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for demand in asked for reason in demand.reasons))


def _end(answers: tuple[Decision, ...], thresholds: tuple[Threshold, ...], step: int) -> Threshold | None:
    """The threshold that leads from a step to the next different answer."""
    for missed in range(step - 1, -1, -1):
        if _gist(answers[missed]) != _gist(answers[step]):
            return thresholds[missed]
    return None


def _gist(answer: Decision) -> tuple[object, ...]:
    if isinstance(answer, ConsentRequired):
        return answer.name, answer.assurance, answer.assent_needed
    return (answer.name,)
