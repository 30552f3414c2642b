"""One rule of the law: a line of the dated, cited table.

Owns what a row says and whether it counts on a day. What it asks of a child is `demands.py`'s business; where
it is read from, `law/loader.py`'s.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from agegate.rules.birth_date import LeapRule

ANY_CLASS = "any"


class Status(Enum):
    """Where a rule stands. Only the first five ever count; the rest are kept for the record."""

    IN_FORCE = "in_force"
    GUIDANCE = "guidance"
    TRANSITION = "transition"
    PARTLY_ENJOINED = "partly_enjoined"
    FUTURE = "future"
    """Enacted with a date: counts by itself from that date on."""

    ENJOINED = "enjoined"
    STRUCK_DOWN = "struck_down"
    NEVER_EFFECTIVE = "never_effective"
    ENACTED_NOT_IN_FORCE = "enacted_not_in_force"
    UNCONFIRMED_DATE = "unconfirmed_date"


class Kind(Enum):
    """What a rule is about. Design duties and age signals tell how to build, not whom to admit."""

    CONSENT = "consent"
    ACCOUNT_CONSENT = "account_consent"
    FEATURE_CONSENT = "feature_consent"
    NO_FIXED_AGE = "no_fixed_age"
    BLOCK = "block"
    GUARDIAN_LINK = "guardian_link"
    DESIGN_DUTY = "design_duty"
    AGE_SIGNAL = "age_signal"


class ConsentMethod(Enum):
    """How a guardian's consent has to be given under a rule."""

    GUARDIAN = "guardian"
    GUARDIAN_REASONABLE_EFFORT = "guardian_reasonable_effort"
    VERIFIABLE_GUARDIAN = "verifiable_guardian"
    JOINT = "joint"
    GUARDIAN_LINK = "guardian_link"
    NONE_POSSIBLE = "none_possible"
    NONE_REQUIRED = "none_required"


COUNTING = frozenset({Status.IN_FORCE, Status.GUIDANCE, Status.TRANSITION, Status.PARTLY_ENJOINED, Status.FUTURE})
SILENT = frozenset({Kind.DESIGN_DUTY, Kind.AGE_SIGNAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRow:
    """A rule with its place, days, ages, source and standing; `effective_until` itself no longer counts."""

    id: str
    country: str
    region: str | None = None
    name: str
    regime: str
    kind: Kind
    service_class: str
    consent_age: int | None = None
    """From this age on the minor consents alone; None where the law gives no number."""

    fallback_age: int | None = None
    """Our suggestion where the law gives no number."""

    block_age: int | None = None
    adult_age: int = 18
    contest_days: int | None = None
    """How long the law gives to dispute a restriction, where it says so."""

    citation: str
    effective_from: date | None = None
    effective_until: date | None = None
    superseded_by: str | None = None
    status: Status
    consent_method: ConsentMethod
    leap_day: LeapRule = LeapRule.UNKNOWN
    notes: str = ""
    evidence: str = ""
    verified_facts: tuple[str, ...] = ()
    confidence: str = ""
    date_precision: str | None = None
    comply_by: date | None = None
    details: tuple[tuple[str, int], ...] = ()
    """Ages of finer provisions (`teen_self_consent_from` …): for the record, they never decide."""

    @property
    def consent_below(self) -> int | None:
        """The age below which this row asks for a guardian: the law's number, else the fallback."""
        return self.fallback_age if self.consent_age is None else self.consent_age

    @property
    def mark(self) -> str:
        """`default` or `fallback` where the number is not the law's own, else nothing."""
        if self.id == DEFAULT_ID:
            return "default"
        return "fallback" if self.consent_age is None and self.fallback_age is not None else ""

    @property
    def decides(self) -> bool:
        """Whether this row can ever change an answer, on whatever day."""
        return (
            self.status in COUNTING
            and self.kind not in SILENT
            and self.consent_method is not ConsentMethod.NONE_REQUIRED
            and self.effective_from is not None
        )

    def counts_on(self, day: date) -> bool:
        """Whether this row changes answers on that day."""
        return self.decides and self.stands_on(day)

    def stands_on(self, day: date) -> bool:
        """Whether the day lies within the row's days, whatever its status."""
        begun = self.effective_from is not None and self.effective_from <= day
        return begun and (self.effective_until is None or day < self.effective_until)


DEFAULT_ID = "default"
DEFAULT_ROW = LawRow(
    id=DEFAULT_ID,
    country="*",
    name="Every country without a rule on file",
    regime="default",
    kind=Kind.CONSENT,
    service_class=ANY_CLASS,
    consent_age=18,
    citation=(
        "No rule on file for this country; this service treats everyone under 18 as a child (compare CRC Art. 1)"
    ),
    status=Status.IN_FORCE,
    consent_method=ConsentMethod.GUARDIAN,
)
