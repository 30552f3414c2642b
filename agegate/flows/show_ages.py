"""Show an audience the thresholds it is registered for, as `age_over_NN`; nothing else opens the date of birth."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from agegate.flows.judge_again import JudgeAgain, Opened, days_of, places_of
from agegate.rules.profile import Profile
from agegate.rules.shown_ages import shown_age
from agegate.rules.signals import lowest_cap
from agegate.store.records import Subject


@dataclass(frozen=True, slots=True)
class ShowAges:
    """Reads only. Without a threshold the seal stays closed."""

    judge: JudgeAgain

    def __call__(
        self, profile: Profile, held: Subject, over: Collection[int], now: datetime, opened: Opened | None = None
    ) -> dict[str, bool]:
        """The claims, by name; `opened` where somebody has just been sealed."""
        if not over:
            return {}
        opened, grown_at = opened or self.judge.open(held), self.judge.rules.grown_at
        past_all = opened.grown and max(over) <= grown_at
        reached = grown_at if past_all else self._reached(profile, held, opened, now)
        return {f"age_over_{age:02}": age <= reached for age in sorted(over)}

    def _reached(self, profile: Profile, held: Subject, opened: Opened, now: datetime) -> int:
        places, law = places_of(held), self.judge.rules.law
        days = days_of(held, places, now)
        at = [(law.plan(profile, place, day).shown_by, day) for place, day in zip(places, days, strict=True)]
        cap = lowest_cap(opened.signals)
        return shown_age(opened.birth_date, at, None if cap is None else cap[0])
