"""A service's own age policy.

Owns what a profile says. What it means together with the law is `demands.py`'s business; reading and refusing
files, `law/loader.py`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from agegate.rules.assurance import Assurance
from agegate.rules.law_row import ANY_CLASS
from agegate.rules.notice_terms import NoticeTerms, Purpose
from agegate.rules.retention import Retention

__all__ = ["AgeLimit", "NoticeTerms", "Profile", "Purpose", "Retention"]

AgeLimit = int | Literal["consent_age"] | None
"""A fixed age, the age of consent where the person is at home, or no limit of the profile's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One version of an age policy. The law's own limits always apply beside it."""

    name: str
    version: int
    policy_version: str
    service_class: str = ANY_CLASS
    block_below: AgeLimit = None
    block_floor: int = 0
    """With `block_below = "consent_age"`: blocked below this age even where the law's number is lower."""

    consent_below: AgeLimit = None
    """Below this age a guardian has to consent even where no law asks."""

    discloses: bool
    """Whether personal data goes to third parties; a confirmed e-mail is then too weak for some laws."""

    methods: frozenset[Assurance]
    assurance: Assurance = Assurance.EMAIL
    """What the profile's own guardian band asks for."""

    assent_needed: bool = False
    """Whether the minor in that band has to agree too."""

    limited_access_while_pending: bool = False
    old_scope_holds: bool = True
    """After a new policy version: whether a consent to the older one holds until both have agreed anew."""

    refuse_disposable: bool = True
    """Whether a guardian's throw-away address is refused, or only flagged."""

    laws: tuple[str, ...] = ()
    """Ids of the rows this profile promises to be able to satisfy; checked when it is loaded."""

    retention: Retention = field(default_factory=Retention)
    notice: NoticeTerms
    """What people are told, in English."""

    translations: Mapping[str, NoticeTerms] = field(default_factory=dict, hash=False)
    """The same in other languages, by locale."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The locales that the notice is written in, English first."""
        return ("en", *self.translations)

    def terms(self, locale: str) -> NoticeTerms:
        """What people are told in one of those languages; in English where the locale is none of them."""
        return self.translations.get(locale, self.notice)

    @property
    def label(self) -> str:
        """The name and version as recorded with every decision."""
        return f"{self.name}@{self.version}"
