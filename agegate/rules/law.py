"""The table of the law, indexed by place.

Owns which rows count for a place, a class of service and a day, the age of adulthood, and the plans worked
out from them. Reading the table from its file is `law/loader.py`'s business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from agegate.rules.law_row import (
    ANY_CLASS,
    DEFAULT_ID,
    DEFAULT_ROW,
    ConsentMethod,
    Kind,
    LawRow,
    Status,
)
from agegate.rules.place import Place
from agegate.rules.plan import Plan, plan_for
from agegate.rules.profile import Profile

__all__ = [
    "ANY_CLASS",
    "DEFAULT_ID",
    "DEFAULT_ROW",
    "ConsentMethod",
    "Kind",
    "Law",
    "LawRow",
    "ServiceClass",
    "Status",
    "Watched",
]

ADULT_AGE = 18
MOST_PLANS = 8192


@dataclass(frozen=True, slots=True)
class Watched:
    """Something that may become law. For people to read; it never decides."""

    code: str
    what: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceClass:
    """A kind of service that rules are written for, and the wider kinds it belongs to."""

    name: str
    meaning: str
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Law:
    """Every rule on file. Made once and shared; the only thing that changes inside is the memo of plans."""

    rows: tuple[LawRow, ...]
    adult_ages: Mapping[str, int] = field(default_factory=dict)
    service_classes: Mapping[str, ServiceClass] = field(default_factory=dict)
    watchlist: tuple[Watched, ...] = ()
    as_of: date | None = None
    _by_code: dict[str, list[LawRow]] = field(init=False, repr=False, default_factory=dict)
    _plans: dict[tuple[int, str, str | None, date], Plan] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows:
            self._by_code.setdefault(row.region or row.country, []).append(row)

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place with rows of its own, in the order of the table."""
        return tuple(dict.fromkeys(Place(row.country, row.region) for row in self.rows))

    def rows_of(self, place: Place) -> tuple[LawRow, ...]:
        """All rows on file for a place, the country's first, whether they count or not."""
        own = self._by_code.get(place.region, []) if place.region else []
        return (*self._by_code.get(place.country, []), *own)

    def classes_of(self, service_class: str) -> frozenset[str]:
        """The classes whose rules a service of that class gets: its own, the wider ones, and `any`."""
        known = self.service_classes.get(service_class)
        return frozenset({ANY_CLASS, service_class, *(known.includes if known else ())})

    def applicable(self, place: Place, service_class: str, day: date) -> tuple[LawRow, ...]:
        """The rows that count there on that day; and the default row where none of them gives an age."""
        classes = self.classes_of(service_class)
        rows = tuple(row for row in self.rows_of(place) if row.service_class in classes and row.counts_on(day))
        if any(row.consent_below is not None for row in rows):
            return rows
        return (*rows, DEFAULT_ROW)

    def adult_age(self, place: Place, day: date) -> int:
        """The age of majority: the subdivision's own, else the highest that the country's rows name."""
        if place.code in self.adult_ages:
            return self.adult_ages[place.code]
        named = (row.adult_age for row in self.rows_of(Place(place.country)) if row.stands_on(day))
        return max(named, default=ADULT_AGE)

    def contest_days(self, place: Place, day: date) -> int:
        """The longest time in days that the law there gives to dispute a restriction; 0 where it names none.

        Read from every row that counts, whatever its class of service: a longer time to object harms nobody.
        """
        return max((row.contest_days or 0 for row in self.rows_of(place) if row.counts_on(day)), default=0)

    def plan(self, profile: Profile, place: Place, today: date) -> Plan:
        """The plan of a profile for a place and a day, worked out at the first question of that day."""
        # A plan holds its profile, so that no other profile can get the same id while the plan is kept.
        key = (id(profile), place.country, place.region, today)
        plan = self._plans.get(key)
        if plan is None:
            plan = plan_for(profile, self.applicable(place, profile.service_class, today), today)
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
            self._plans[key] = plan
        return plan
