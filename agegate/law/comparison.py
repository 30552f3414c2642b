"""What changes in the law between two days, place by place.

Owns which rows start and end and which limits differ. Who is affected and what is done about it is the flows'
business.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from agegate.law.explanation import place_name
from agegate.law.limits import Limits, limits_of
from agegate.rules.law import Law, LawRow
from agegate.rules.place import Place


@dataclass(frozen=True, slots=True)
class Event:
    """A row starts to count on that day, or no longer does."""

    day: date
    starts: bool
    row: LawRow


@dataclass(frozen=True, slots=True)
class Shift:
    """The limits before and after, and the classes of service for which they are these."""

    classes: tuple[str, ...]
    everywhere: bool
    """Whether these are all the classes there are."""

    before: Limits
    after: Limits


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that changes at one place."""

    place: Place
    name: str
    events: tuple[Event, ...]
    shifts: tuple[Shift, ...]


def compare(law: Law, first: date, last: date) -> tuple[Change, ...]:
    """The places that change after the first day and until the last, in the order of their codes.

    A subdivision appears for a row of its own, or where a row of its country moves its limits.
    """
    changes = (_change(law, place, first, last) for place in sorted(law.places, key=lambda place: place.code))
    return tuple(change for change in changes if change.events or change.shifts)


def _change(law: Law, place: Place, first: date, last: date) -> Change:
    rows = [row for row in law.rows_of(place) if row.region == place.region]
    events = sorted(_events(rows, first, last), key=lambda event: (event.day, event.starts, event.row.id))
    return Change(place, place_name(law, place), tuple(events), _shifts(law, place, first, last))


def _events(rows: list[LawRow], first: date, last: date) -> Iterator[Event]:
    for row in rows:
        if not row.decides:
            continue
        begins, ends = row.effective_from, row.effective_until
        if begins is not None and first < begins <= last:
            yield Event(begins, starts=True, row=row)
        if ends is not None and first < ends <= last:
            yield Event(ends, starts=False, row=row)


def _shifts(law: Law, place: Place, first: date, last: date) -> tuple[Shift, ...]:
    grouped: dict[tuple[Limits, Limits], list[str]] = {}
    for name in law.service_classes:
        before, after = (limits_of(law, place, name, day) for day in (first, last))
        if before != after:
            grouped.setdefault((before, after), []).append(name)
    known = len(law.service_classes)
    return tuple(Shift(tuple(names), len(names) == known, *limits) for limits, names in grouped.items())
