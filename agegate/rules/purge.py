"""The states of a purge and of its legs, the reasons for one, and when it is over.

Owns what counts as answered. Delivery and its schedule belong to the worker.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum


class PurgeReason(StrEnum):
    """Why a subject's data must go. The words of the API."""

    CONSENT_DECLINED = "consent_declined"
    CONSENT_EXPIRED = "consent_expired"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    GUARDIAN_REQUEST = "guardian_request"
    SUBJECT_REQUEST = "subject_request"
    SERVICE_REQUEST = "service_request"
    REPORT_UPHELD = "report_upheld"
    UNDER_AGE = "under_age"


CALLERS_REASONS = frozenset(
    {
        PurgeReason.GUARDIAN_REQUEST,
        PurgeReason.SUBJECT_REQUEST,
        PurgeReason.SERVICE_REQUEST,
        PurgeReason.REPORT_UPHELD,
        PurgeReason.UNDER_AGE,
    }
)
"""The reasons a service may give itself; the others follow from what a guardian did or did not do."""


class PurgeState(StrEnum):
    """A purge is open until every leg is answered and the certificate is signed."""

    HELD = "held"
    """Ordered while a legal hold forbids it; carried out when the hold ends."""

    OPEN = "open"
    COMPLETED = "completed"


class LegState(StrEnum):
    """Where one holder stands. `delivered` means received, nothing more."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    """The holder no longer exists; said by operators, and never a confirmation."""


ANSWERED_LEG = frozenset({LegState.COMPLETED, LegState.REFUSED, LegState.UNREACHABLE})

DUE_WITHIN = timedelta(days=30)
"""When a holder must have answered (GDPR Art. 12(3): one month)."""

LETTER_WAITS = timedelta(days=1)
"""So long the last letter waits for the certificate; then it says that the deletion goes on."""

LETTER_KEPT = timedelta(hours=72)
"""The last letter, sealed, goes after this time, sent or not."""

NAMED_FOR_AT_MOST = timedelta(days=30)
"""How long a purge may still name its subject in an event that was not delivered."""

CLOCK_TOLERANCE = timedelta(seconds=60)
"""How far ahead of our clock a holder's completion time may lie."""


def all_answered(states: Iterable[LegState]) -> bool:
    """Whether no leg is open any more; a purge without holders has nothing to wait for."""
    return all(state in ANSWERED_LEG for state in states)
