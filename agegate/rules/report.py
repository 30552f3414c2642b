"""Reports that a subject is under age: their states, the only moves between them, and whose word counts.

A report is a claim. It never deletes; some claims shut the subject until a person has ruled. What a ruling leads to is
the flows' business.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Basis(StrEnum):
    """What a case rests on: somebody's claim, or what we found ourselves."""

    VERIFIED_GUARDIAN = "verified_guardian"
    SELF_STATEMENT = "self_statement"
    STAFF = "staff"
    OTHER = "other"
    YOUNGER_DATE = "younger_date"
    SIGNAL = "signal"
    CORRECTED_DATE = "corrected_date"
    SWEEP = "sweep"
    RULES_CHANGED = "rules_changed"
    CONSENT_NEEDED = "consent_needed"
    """The rules changed, and ask for a guardian's consent that is not there."""

    POLICY_CHANGED = "policy_changed"


CLAIMS: Final = frozenset({Basis.VERIFIED_GUARDIAN, Basis.SELF_STATEMENT, Basis.STAFF, Basis.OTHER})
"""What somebody may report. The others are found by agegate, and only ever on somebody who was admitted."""

RESTRICTING: Final = frozenset(Basis) - {Basis.OTHER}
CURED_BY_CONSENT: Final = frozenset({Basis.CONSENT_NEEDED})
"""Where nothing else shuts a subject, a guardian's consent lets it in again."""

STATEMENTS: Final = frozenset({Basis.VERIFIED_GUARDIAN, Basis.SELF_STATEMENT, Basis.YOUNGER_DATE})
"""The word of the subject or of a verified guardian. Said a second time it shortens the time to contest."""


class ReportState(StrEnum):
    """Where a case stands."""

    UNNAMED = "unnamed"
    """From the public form: the service has yet to say which subject is meant."""

    RECEIVED = "received"
    PLAUSIBLE = "plausible"
    CONTESTED = "contested"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    SILENT = "silent"
    """Plausible, and not contested in time: purged."""

    UNKNOWN = "unknown"
    """The service knows nobody of that name."""

    ENDED = "ended"
    """Over without a ruling: nobody ruled in time, evidence or a consent cleared it, or another cause purged it."""


class Ruling(StrEnum):
    """What a person may say of a case."""

    PLAUSIBLE = "plausible"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


LIVE: Final = frozenset({ReportState.RECEIVED, ReportState.PLAUSIBLE, ReportState.CONTESTED})
TRANSITIONS: Final[dict[ReportState, frozenset[ReportState]]] = {
    ReportState.RECEIVED: frozenset({ReportState.UNNAMED}),
    ReportState.PLAUSIBLE: frozenset({ReportState.RECEIVED}),
    ReportState.CONTESTED: frozenset({ReportState.RECEIVED, ReportState.PLAUSIBLE}),
    ReportState.UPHELD: LIVE,
    ReportState.DISMISSED: LIVE,
    ReportState.SILENT: frozenset({ReportState.PLAUSIBLE}),
    ReportState.UNKNOWN: frozenset({ReportState.UNNAMED}),
    ReportState.ENDED: LIVE | {ReportState.UNNAMED},
}
"""For each state: those from which it can be reached. UNNAMED and RECEIVED are where a case is born."""


def only_consent_missing(shutting: Collection[str]) -> bool:
    """Whether a consent is all that is missing, by the bases of the cases that shut a subject."""
    return bool(shutting) and CURED_BY_CONSENT.issuperset(shutting)


class Look(StrEnum):
    """What becomes of a person's ruling."""

    COUNTS = "counts"
    NOTED = "noted"
    """Kept as the first of two opinions; nothing else happens."""

    SECOND_NEEDED = "second_needed"
    """The same person cannot be the second one."""


def look_at(ruling: Ruling, *, two_needed: bool, before: Ruling | None, by: str | None, person: str) -> Look:
    """Whether a ruling counts, where `before` is what `by` said of the case first.

    Where two are needed, another person has to have said the same, or that the claim is plausible.
    """
    if not two_needed or ruling is Ruling.PLAUSIBLE:
        return Look.COUNTS
    if by == person:
        return Look.SECOND_NEEDED
    return Look.COUNTS if before in {ruling, Ruling.PLAUSIBLE} else Look.NOTED


MOST_A_DAY: Final = 5
"""Reports of one reporter within a day; the next is refused."""

MOST_ON_TARGET: Final = 50
"""Reports on one subject within a day, whoever they are from."""

MANY_ON_TARGET: Final = 5
MANY_TARGETS: Final = 4
"""So many within a day look like a crowd or a grudge: the queue says so, and nothing else follows."""

A_DAY: Final = timedelta(days=1)
SAME_CALL: Final = timedelta(minutes=10)
"""A claim that comes again within this time is a retry, not a second statement."""

SHORTENED: Final = timedelta(hours=24)
COOL_DOWN: Final = timedelta(days=180)
"""After a dismissal a claim of the same kind shuts the subject no more."""

ANSWER_WITHIN: Final = timedelta(days=3)
ACCOUNT_KEPT: Final = timedelta(days=30)
LAST_CHANCE: Final = timedelta(hours=24)
"""Between the finding that a claim is plausible and a purge by silence there is at least this."""


class Flag(StrEnum):
    """What the queue says beside a case."""

    MANY_REPORTS = "many_reports"
    MANY_TARGETS = "many_targets"
    COOL_DOWN = "cool_down"
    UNANSWERED = "unanswered"


def flags_of(*, on_target: int, targets: int, cooling: bool) -> list[Flag]:
    """The flags of a new report, by the counts of the last day with this one."""
    marks: Iterable[tuple[Flag, bool]] = (
        (Flag.MANY_REPORTS, on_target >= MANY_ON_TARGET),
        (Flag.MANY_TARGETS, targets >= MANY_TARGETS),
        (Flag.COOL_DOWN, cooling),
    )
    return [flag for flag, holds in marks if holds]
