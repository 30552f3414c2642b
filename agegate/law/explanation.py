"""Why the law is what it is at a place on a day: every row on file, those that count and those that do not.

Owns the reasons why a row does not count. That it does not is `rules/law.py`'s judgement, and a test holds the
two together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from agegate.law.limits import Limits, limits_of, strictest
from agegate.law.places import countries
from agegate.rules.law import ConsentMethod, Kind, Law, LawRow, Status
from agegate.rules.place import Place

_STATUSES = {
    Status.ENJOINED: "enjoined: a court stopped it for now",
    Status.STRUCK_DOWN: "struck down: a court annulled it",
    Status.NEVER_EFFECTIVE: "never came into effect",
    Status.ENACTED_NOT_IN_FORCE: "enacted, but not in force",
    Status.UNCONFIRMED_DATE: "its first day is not confirmed",
}
_KINDS = {
    Kind.DESIGN_DUTY: "a design duty: how to build, not whom to admit",
    Kind.AGE_SIGNAL: "about age signals, not whom to admit",
}


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """One row, whether it counts, and why not."""

    row: LawRow
    counts: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The whole file on one place and day."""

    place: Place
    name: str
    day: date
    service_class: str
    limits: Limits
    rows: tuple[ExplainedRow, ...]
    """The country's first, then the subdivision's; the default row last, where it stands in."""

    @property
    def strictest(self) -> tuple[LawRow, ...]:
        return strictest(tuple(each.row for each in self.rows if each.counts))


def explain(law: Law, place: Place, service_class: str, day: date) -> Explanation:
    """Every row of the place and of its country, judged for that day."""
    counting = law.applicable(place, service_class, day)
    ids = {row.id for row in counting}
    known = law.rows_of(place)
    stand_in = tuple(row for row in counting if row not in known)
    return Explanation(
        place=place,
        name=place_name(law, place),
        day=day,
        service_class=service_class,
        limits=limits_of(law, place, service_class, day),
        rows=tuple(ExplainedRow(row, row.id in ids, _why(law, row, service_class, day)) for row in (*known, *stand_in)),
    )


def place_name(law: Law, place: Place) -> str:
    """The name for people: the country's, or the subdivision's as its rows have it."""
    country = countries()[place.country].name
    if place.region is None:
        return country
    own = (row.name for row in law.rows_of(place) if row.region == place.region)
    return next(own, f"{country} ({place.region})")


def _why(law: Law, row: LawRow, service_class: str, day: date) -> str:
    if row.mark == "default":
        return "stands in where no rule that counts gives an age"
    if reasons := tuple(_silences(law, row, service_class, day)):
        return "; ".join(reasons)
    if row.mark == "fallback":
        return f"in force without a number: the fallback {row.fallback_age} is used"
    return row.status.value.replace("_", " ") if row.status is not Status.FUTURE else "has begun"


def _silences(law: Law, row: LawRow, service_class: str, day: date) -> Iterator[str]:
    """Everything that keeps a row from counting, the lasting reasons first."""
    if row.status in _STATUSES:
        yield _STATUSES[row.status]
    if row.kind in _KINDS:
        yield _KINDS[row.kind]
    if row.consent_method is ConsentMethod.NONE_REQUIRED:
        yield "asks for no consent"
    if row.service_class not in law.classes_of(service_class):
        yield f"for {row.service_class} only"
    first, end = row.effective_from, row.effective_until
    if first is None:
        yield "has no first day on file"
    elif day < first:
        yield f"starts on {first}"
    if end is not None and day >= end:
        yield f"ended on {end}" + (f", followed by {row.superseded_by}" if row.superseded_by else "")
