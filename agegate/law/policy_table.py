"""A profile at every place of the law on one day: what a service would have to ask where.

Owns the lines of that table. Printing them is the commands' business, drawing them `world_picture.py`'s; the
ages come from `rules/requirements.py`, as the API answers them.
"""

from dataclasses import dataclass
from datetime import date

from agegate.law.explanation import place_name
from agegate.rules.decision import Blocked, ConsentRequired, Reason, requirements
from agegate.rules.law import Law, LawRow
from agegate.rules.place import Place
from agegate.rules.plan import NO_METHOD
from agegate.rules.profile import Profile

ELSEWHERE = Place("*")
"""Every country without a rule on file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """One place."""

    code: str
    country: str
    name: str
    minimum_age: int
    consent_below: int | None
    method: str | None
    """The proof a guardian's consent needs, of all ages the strongest; None where nobody is asked."""

    assent_needed: bool
    adult_age: int
    no_method: bool
    """Whether the minimum age is what it is because no method of the profile reaches what a rule asks."""

    mark: str
    """`default` where the law names no age; `fallback` where an age above is our number for a law without one."""

    reasons: tuple[Reason, ...]
    """What the two ages rest on."""

    rules: tuple[LawRow, ...]
    """Every row that counts there, also those that ask less."""


def policy_table(profile: Profile, law: Law, day: date) -> tuple[PolicyLine, ...]:
    """All places with rows of their own, by code, and one line for every other country."""
    places = sorted(law.places, key=lambda place: place.code)
    return tuple(policy_line(profile, law, place, day) for place in (*places, ELSEWHERE))


def policy_line(profile: Profile, law: Law, place: Place, day: date) -> PolicyLine:
    """What the profile asks at one place."""
    told = requirements(profile, law, place, day)
    answers = [step.answer for step in law.plan(profile, place, day).steps]
    blocks = next((answer.reasons for answer in answers if isinstance(answer, Blocked)), ())
    guards = next((answer.reasons for answer in answers if isinstance(answer, ConsentRequired)), ())
    reasons = tuple(dict.fromkeys((*blocks, *guards)))
    elsewhere = place == ELSEWHERE
    return PolicyLine(
        code=place.code,
        country=place.country,
        name="Every other country" if elsewhere else place_name(law, place),
        minimum_age=told.minimum_age,
        consent_below=told.consent_below,
        method=told.consent_assurance.value if told.consent_assurance else None,
        assent_needed=told.assent_needed,
        adult_age=told.adult_age,
        no_method=any(reason.rule == NO_METHOD for reason in blocks),
        mark=_mark(told.rules, {reason.rule for reason in reasons}),
        reasons=reasons,
        rules=told.rules,
    )


def _mark(rules: tuple[LawRow, ...], deciding: set[str]) -> str:
    if any(row.mark == "default" for row in rules):
        return "default"
    marks = {row.mark for row in rules if row.id in deciding}
    return "fallback" if marks == {"fallback"} else ""
