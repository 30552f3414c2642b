"""The law, the profiles and their notices, as the flows consult them. Read at start, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce

from agegate.flows.forms import AssentForm, SignupForm
from agegate.flows.standing import Standing
from agegate.law.civil_day import civil_today
from agegate.notices.notice import LOCALES, Notice, nearest_locale, render_notice
from agegate.rules.assurance import Assurance
from agegate.rules.decision import decide, stricter
from agegate.rules.errors import NoticeMismatch
from agegate.rules.law import Law
from agegate.rules.profile import Profile

METHODS_BUILT = frozenset({Assurance.EMAIL})
"""The consent methods that this version can carry out; a stronger demand is answered with `blocked`."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """What decides, in one place."""

    law: Law
    profiles: Mapping[str, Profile]
    notices: Mapping[tuple[str, str], Notice]

    @classmethod
    def of(cls, law: Law, profiles: Mapping[str, Profile]) -> "RuleBook":
        """The book with every notice rendered once, and every profile's methods cut down to those built."""
        built = {name: replace(profile, methods=profile.methods & METHODS_BUILT) for name, profile in profiles.items()}
        notices = {(p.label, locale): render_notice(p, locale) for p in built.values() for locale in LOCALES}
        return cls(law, built, notices)

    def profile(self, name: str) -> Profile:
        """The current version of a profile."""
        return self.profiles[name]

    def judge(self, profile: Profile, form: SignupForm, now: datetime) -> Standing:
        """The strictest answer of every place that is plausible, on that place's own day."""
        decisions = (
            decide(
                profile,
                self.law,
                form.birth_date,
                place,
                civil_today(now, place, form.time_zone),
                form.signals,
            )
            for place in form.places
        )
        return Standing.decided(reduce(stricter, decisions))

    def notice(self, profile: Profile, locale: str | None) -> Notice:
        """What minor and guardian agree to, in the nearest language we have."""
        return self.notices[profile.label, nearest_locale(locale)]

    def assent_fault(self, profile: Profile, assent: AssentForm | None) -> NoticeMismatch | None:
        """The refusal of an agreement that names another notice than today's."""
        if assent is None:
            return None
        notice = self.notice(profile, assent.locale)
        named = (assent.policy_version, assent.locale, assent.notice_sha256)
        return None if named == (profile.policy_version, notice.locale, notice.sha256) else NoticeMismatch()
