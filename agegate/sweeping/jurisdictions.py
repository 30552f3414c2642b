"""What today's rules say to accounts at each place of a file, worked out once a place.

The plan of a place is `rules/plan.py`'s, the day there `law/civil_day.py`'s; here both are kept beside the counts, so
that a row costs one look-up and one search. That this says what a signup would be told is proven by a test.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from agegate.flows.rule_book import RuleBook
from agegate.flows.standing import ALLOWED, BLOCKED
from agegate.law.civil_day import civil_today
from agegate.law.places import country_fault, region_fault
from agegate.rules.place import Place
from agegate.rules.profile import Profile
from agegate.sweeping.sheets import RowRefused


class Found(StrEnum):
    """What an existing account turns out to be."""

    ALLOWED = "allowed"
    CONSENT_CLAIMED = "consent_claimed"
    """A guardian's consent is needed; the file says that there is one elsewhere, which nobody here has seen."""

    CONSENT_REQUIRED = "consent_required"
    """A guardian's consent is needed, and there is none."""

    BLOCKED = "blocked"


@dataclass(slots=True, eq=False)
class Jurisdiction:
    """One place of the file; the counts grow while the file goes by."""

    place: Place
    code: str
    """The place as the law knows it: a subdivision only where it has rows of its own."""

    cutoffs: tuple[date, ...]
    """Where somebody's date of birth falls among these is the number of the answer."""

    answers: tuple[str, ...]
    counts: Counter[int] = field(default_factory=Counter)
    """How many accounts got each answer, and of these how many claim a consent."""

    claims: Counter[int] = field(default_factory=Counter)

    def found(self) -> dict[Found, int]:
        """The counts in words."""
        told = dict.fromkeys(Found, 0)
        for step, answer in enumerate(self.answers):
            if answer in {ALLOWED, BLOCKED}:
                told[Found(answer)] += self.counts[step]
            else:
                told[Found.CONSENT_REQUIRED] += self.counts[step] - self.claims[step]
                told[Found.CONSENT_CLAIMED] += self.claims[step]
        return told


class Jurisdictions:
    """Every place that a file names, on the day on which its reading began."""

    def __init__(self, rules: RuleBook, profile: Profile, now: datetime) -> None:
        self._rules, self._profile, self._now = rules, profile, now
        self.known: dict[tuple[str, str], Jurisdiction] = {}
        self._own = {place.code for place in rules.law.places}

    def at(self, country: str, region: str) -> Jurisdiction:
        """The place. Raises RowRefused; only what exists is kept, so that inventions do not fill the memory."""
        found = self.known.get((country, region))
        if found is None:
            found = self.known[country, region] = self._judged(country, region)
        return found

    def counted(self) -> dict[str, dict[Found, int]]:
        """The counts by the codes of the law, in their order."""
        told: dict[str, dict[Found, int]] = {}
        for each in self.known.values():
            sums = told.setdefault(each.code, dict.fromkeys(Found, 0))
            for found, count in each.found().items():
                sums[found] += count
        return {code: sums for code, sums in sorted(told.items()) if any(sums.values())}

    def _judged(self, country: str, region: str) -> Jurisdiction:
        if code := country_fault(country):
            raise RowRefused("country", code)
        if region and (code := region_fault(country, region)):
            raise RowRefused("region", code)
        place = Place(country, region or None)
        plan = self._rules.law.plan(self._profile, place, civil_today(self._now, place))
        return Jurisdiction(
            place,
            place.code if place.code in self._own else country,
            plan.cutoffs,
            tuple(step.answer.name for step in plan.steps),
        )
