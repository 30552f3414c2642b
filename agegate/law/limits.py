"""What the law alone asks at a place on a day, in ages, before any profile adds its own.

Owns the joining of the rows that count into the strictest ages. What a profile makes of them is
`policy_table.py`'s business; the judgement of a person, `rules/decision.py`'s.
"""

from dataclasses import dataclass
from datetime import date

from agegate.rules.law import ConsentMethod, Law, LawRow
from agegate.rules.place import Place


@dataclass(frozen=True, slots=True)
class Limits:
    """The strictest ages of the rows that count."""

    consent_below: int | None
    """Below this age a guardian has to consent; None where no row lets a guardian."""

    consent_methods: tuple[str, ...]
    """How, by the rows that ask for it at any age."""

    blocked_below: int | None
    adult_age: int
    mark: str
    """`default` or `fallback` where the age of consent is not the law's own number."""


def limits_of(law: Law, place: Place, service_class: str, day: date) -> Limits:
    """The limits of the law for one class of service."""
    rows = law.applicable(place, service_class, day)
    asking = [row for row in rows if row.consent_below is not None and _by_guardian(row)]
    highest = max((row.consent_below or 0 for row in asking), default=None)
    blocks = [row.block_age for row in rows if row.block_age is not None]
    blocks += [row.consent_below for row in rows if row.consent_below is not None and not _by_guardian(row)]
    return Limits(
        consent_below=highest,
        consent_methods=tuple(sorted({row.consent_method.value for row in asking})),
        blocked_below=max(blocks, default=None),
        adult_age=law.adult_age(place, day),
        mark=min((row.mark for row in asking if row.consent_below == highest), default=""),
    )


def strictest(rows: tuple[LawRow, ...]) -> tuple[LawRow, ...]:
    """The rows that set the highest age; several where they name the same one."""
    highest = max((_age(row) for row in rows), default=0)
    return tuple(row for row in rows if _age(row) == highest)


def _age(row: LawRow) -> int:
    return max(row.consent_below or 0, row.block_age or 0)


def _by_guardian(row: LawRow) -> bool:
    return row.consent_method is not ConsentMethod.NONE_POSSIBLE
