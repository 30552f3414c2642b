"""The law, the profiles and their notices, as the flows consult them. Read at start, never changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce

from agegate.flows.forms import AssentForm
from agegate.flows.standing import Standing
from agegate.law.civil_day import civil_today
from agegate.notices.notice import Notice, NoticeShelf
from agegate.rules.birth_date import BirthDate, LeapRule, latest_birth
from agegate.rules.decision import Decision, decide, stricter
from agegate.rules.errors import NoticeMismatch
from agegate.rules.law import DEFAULT_ROW, Law
from agegate.rules.place import Place
from agegate.rules.profile import Profile
from agegate.rules.signals import AgeSignal

LEAST_GROWN = 21
"""Nobody younger counts as grown, so that a new row below this age never finds anybody set aside."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """What decides, in one place."""

    law: Law
    profiles: Mapping[str, Profile]
    notices: NoticeShelf
    grown_at: int
    """From this age on no rule of the table and no profile asks anything, wherever somebody lives."""

    @classmethod
    def of(cls, law: Law, profiles: Mapping[str, Profile]) -> "RuleBook":
        """The book, its notices not yet rendered."""
        return cls(law, profiles, NoticeShelf(), highest_age(law, profiles.values()))

    def profile(self, name: str) -> Profile:
        """The current version of a profile."""
        return self.profiles[name]

    def judge_on(
        self,
        profile: Profile,
        birth_date: BirthDate,
        places: Sequence[Place],
        days: Sequence[date],
        signals: Sequence[AgeSignal],
    ) -> Standing:
        """The strictest answer of every place that is plausible, on that place's own day."""
        return Standing.decided(self.decision_on(profile, birth_date, places, days, signals))

    def decision_on(
        self,
        profile: Profile,
        birth_date: BirthDate,
        places: Sequence[Place],
        days: Sequence[date],
        signals: Sequence[AgeSignal],
    ) -> Decision:
        """The answer itself, with the day on which it ends: for looking ahead, and for no column."""
        asked = zip(places, days, strict=True)
        return reduce(stricter, [decide(profile, self.law, birth_date, place, day, signals) for place, day in asked])

    def contest_time(self, profile: Profile, places: Iterable[Place], now: datetime) -> timedelta:
        """How long a restriction may be contested: the profile's time, or the longer one of the law at a place."""
        days = (self.law.contest_days(place, civil_today(now, place)) for place in places)
        return max(profile.retention.contest, timedelta(days=max(days, default=0)))

    def is_grown(self, birth_date: BirthDate, today: date) -> bool:
        """Whether somebody is past every age that the table or a profile names."""
        return birth_date.day <= latest_birth(self.grown_at, LeapRule.UNKNOWN, today)

    def notice(self, profile: Profile, locale: str | None) -> Notice:
        """What minor and guardian agree to, in the nearest language we have."""
        return self.notices.notice(profile, locale)

    def assent_fault(self, profile: Profile, assent: AssentForm | None) -> NoticeMismatch | None:
        """The refusal of an agreement that names another notice than today's."""
        if assent is None:
            return None
        notice = self.notice(profile, assent.locale)
        named = (assent.policy_version, assent.locale, assent.notice_sha256)
        return None if named == (profile.policy_version, notice.locale, notice.sha256) else NoticeMismatch()


def highest_age(law: Law, profiles: Iterable[Profile]) -> int:
    """The highest age that any row names, in force or not, or any profile."""
    rows = (row.consent_below or 0 for row in (*law.rows, DEFAULT_ROW))
    blocks = (row.block_age or 0 for row in law.rows)
    limits = (limit for each in profiles for limit in (each.block_below, each.block_floor, each.consent_below))
    return max(LEAST_GROWN, *rows, *blocks, *(limit for limit in limits if isinstance(limit, int)))
