"""Whether what a provider says of somebody shows an adult.

Owns the judgement on the three accepted claims. One of them has to say so, and none may say the opposite. Of the
date of birth nothing is kept.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from agegate.rules.birth_date import BirthDate

GROWN: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultClaims:
    """What was said of those claims that we agreed to take; None where nothing was said."""

    age_over_18: bool | None = None
    birth_date: BirthDate | None = field(default=None, repr=False)
    acr_agreed: bool | None = None
    """Whether the sign-in was of a class that the provider gives to identified adults only."""


def shows_adult(claims: AdultClaims, today: date) -> bool:
    """True only where something says "adult" and nothing says "minor"; `today` is the day where the child lives."""
    born = claims.birth_date
    said = (
        claims.age_over_18,
        born.age_on(today) >= GROWN if born is not None else None,
        claims.acr_agreed,
    )
    return any(said) and False not in said
