"""What each cause leads to: a purge in the same transaction, or a restriction with a time to contest.

What was asked for is done at once, and so is what never was allowed or consented. What was only found on an account
that was admitted once is not: one wrong retry or a shared phone must never destroy it.
"""

from enum import StrEnum
from typing import Final

from agegate.rules.purge import PurgeReason
from agegate.rules.report import Basis


class Cause(StrEnum):
    """Why a subject's data may have to go."""

    DECLINED = "declined"
    EXPIRED = "expired"
    """A question, or the time to find a guardian, ended unanswered."""

    WITHDRAWN = "withdrawn"
    """A consent or an assent was taken back, and the grace is over."""

    GUARDIAN_ASKED = "guardian_asked"
    SUBJECT_ASKED = "subject_asked"
    SERVICE_ASKED = "service_asked"
    REPORT_UPHELD = "report_upheld"
    SILENCE = "silence"
    """A claim was plausible, and nobody contested it in time."""

    YOUNGER_DATE = "younger_date"
    SIGNAL = "signal"
    CORRECTED_DATE = "corrected_date"
    SWEEP = "sweep"
    RULES_CHANGED = "rules_changed"
    CONSENT_NEEDED = "consent_needed"
    """The same, where a guardian's consent can still help."""

    POLICY_CHANGED = "policy_changed"
    """Nobody consented anew to newer terms in time."""


class Effect(StrEnum):
    """What follows in the transaction of the cause."""

    PURGE = "purge"
    RESTRICT = "restrict"


ASKED: Final = frozenset(
    {
        Cause.DECLINED,
        Cause.WITHDRAWN,
        Cause.GUARDIAN_ASKED,
        Cause.SUBJECT_ASKED,
        Cause.SERVICE_ASKED,
        Cause.REPORT_UPHELD,
        Cause.SILENCE,
    }
)
"""Somebody with the right to it said so, or a person ruled."""

FOUND: Final[dict[Cause, tuple[PurgeReason, Basis]]] = {
    Cause.EXPIRED: (PurgeReason.CONSENT_EXPIRED, Basis.POLICY_CHANGED),
    Cause.YOUNGER_DATE: (PurgeReason.UNDER_AGE, Basis.YOUNGER_DATE),
    Cause.SIGNAL: (PurgeReason.UNDER_AGE, Basis.SIGNAL),
    Cause.CORRECTED_DATE: (PurgeReason.UNDER_AGE, Basis.CORRECTED_DATE),
    Cause.SWEEP: (PurgeReason.UNDER_AGE, Basis.SWEEP),
    Cause.RULES_CHANGED: (PurgeReason.UNDER_AGE, Basis.RULES_CHANGED),
    Cause.CONSENT_NEEDED: (PurgeReason.UNDER_AGE, Basis.CONSENT_NEEDED),
    Cause.POLICY_CHANGED: (PurgeReason.CONSENT_EXPIRED, Basis.POLICY_CHANGED),
}
"""What only came to light: the reason of a purge, and what a case about it rests on."""

REASONS: Final[dict[Cause, PurgeReason]] = {cause: reason for cause, (reason, _) in FOUND.items()} | {
    Cause.DECLINED: PurgeReason.CONSENT_DECLINED,
    Cause.WITHDRAWN: PurgeReason.CONSENT_WITHDRAWN,
    Cause.GUARDIAN_ASKED: PurgeReason.GUARDIAN_REQUEST,
    Cause.SUBJECT_ASKED: PurgeReason.SUBJECT_REQUEST,
    Cause.SERVICE_ASKED: PurgeReason.SERVICE_REQUEST,
    Cause.REPORT_UPHELD: PurgeReason.REPORT_UPHELD,
    Cause.SILENCE: PurgeReason.REPORT_UPHELD,
}
"""How a purge names its cause."""


def effect_of(cause: Cause, *, ever_admitted: bool) -> Effect:
    """What a cause leads to, by whether the subject was ever allowed or consented."""
    return Effect.PURGE if cause in ASKED or not ever_admitted else Effect.RESTRICT
