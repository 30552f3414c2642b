"""What a service has to ask at a place, and why, before anybody types.

Owns the summary of a plan in ages. Which notice goes with it is `notices`' business.
"""

from dataclasses import dataclass
from datetime import date

from agegate.rules.assurance import Assurance
from agegate.rules.law import Law
from agegate.rules.law_row import LawRow
from agegate.rules.outcome import Blocked, ConsentRequired
from agegate.rules.place import Place
from agegate.rules.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """The ages that matter at a place on a day, and the rules behind them."""

    place: Place
    minimum_age: int
    """Nobody below this age is admitted, whoever consents; 0 where there is no such age."""

    consent_below: int | None
    """From the minimum age up to this one a guardian has to consent; None where nobody is asked."""

    consent_assurance: Assurance | None
    assent_needed: bool
    adult_age: int
    rules: tuple[LawRow, ...]
    profile: str
    date_of_birth_precision: str = "day"


def requirements(profile: Profile, law: Law, place: Place, today: date) -> Requirements:
    """The limits of this profile at this place today."""
    plan = law.plan(profile, place, today)
    answers = [step.answer for step in plan.steps]
    blocked = [n for n, answer in enumerate(answers) if isinstance(answer, Blocked)]
    guarded = {n: answer for n, answer in enumerate(answers) if isinstance(answer, ConsentRequired)}
    return Requirements(
        place=place,
        minimum_age=plan.thresholds[blocked[0] - 1].age if blocked else 0,
        consent_below=plan.thresholds[min(guarded) - 1].age if guarded else None,
        consent_assurance=max((answer.assurance for answer in guarded.values()), default=None),
        assent_needed=any(answer.assent_needed for answer in guarded.values()),
        adult_age=law.adult_age(place, today),
        rules=plan.rows,
        profile=profile.label,
    )
