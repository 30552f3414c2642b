"""Show an audience the thresholds it is registered for, as `age_over_NN`; nothing else opens the date of birth."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from agegate.flows.judge_again import JudgeAgain, Opened
from agegate.law.civil_day import civil_today
from agegate.rules.place import Place
from agegate.rules.profile import Profile
from agegate.rules.shown_ages import is_shown_over
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
        opened = opened or self.judge.open(held)
        caps = [signal.age_upper for signal in opened.signals if signal.age_upper is not None]
        places = [Place(held.country, held.region)]
        if held.hint_country is not None:
            places.append(Place(held.hint_country, held.hint_region))
        days = [max(civil_today(now, place), held.decided_on) for place in places]
        law = self.judge.rules.law
        at = [(law.plan(profile, place, day).shown_by, day) for place, day in zip(places, days, strict=True)]
        cap = min(caps, default=None)
        return {f"age_over_{age:02}": is_shown_over(age, opened.birth_date, at, cap) for age in sorted(over)}
