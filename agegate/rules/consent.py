"""The states of a subject and of a consent request, and the only moves between them.

Owns the transition table that the store's conditional updates take their conditions from. Says nothing about mail,
pages or time.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final


class SubjectState(StrEnum):
    """Where a subject that we hold stands. A blocked or purged subject is not held at all."""

    ALLOWED = "allowed"
    CONSENT_REQUIRED = "consent_required"
    CONSENTED = "consented"
    RESTRICTED = "restricted"


ADMITTED = frozenset({SubjectState.ALLOWED, SubjectState.CONSENTED})


class RequestState(StrEnum):
    """Where the question to one guardian stands."""

    PENDING = "pending"
    CONFIRMING = "awaiting_confirmation"
    """Answered with yes, and final only after a second step (e-mail plus)."""

    GRANTED = "granted"
    DECLINED = "declined"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    UNDELIVERABLE = "undeliverable"
    WITHDRAWN = "withdrawn"
    AGED_OUT = "aged_out"
    """The minor came of age: the consent is history, and the person decides."""


class Stop(StrEnum):
    """What somebody who is not the guardian may say. It ends the question, and is no answer for the child."""

    NOT_MY_CHILD = "not_my_child"
    NEVER_AGAIN = "never_again"


class Ended(StrEnum):
    """Who or what ended a request, beside a `Stop`."""

    GUARDIAN = "guardian"
    OTHER_GUARDIAN = "other_guardian"
    MINOR = "minor"
    BOUNCED = "bounced"
    OPERATOR = "operator"


class MailHold(StrEnum):
    """Why an unasked mail is held back. The service that asked is not told."""

    SUPPRESSED = "suppressed"
    REFUSED = "refused"
    """This guardian said of this very child that it is not theirs."""

    REVIEW = "review"
    LIMIT = "limit"


MOST_CHILDREN: Final = 5
"""So many children of one service may have the same guardian before a person looks at it."""

CONFIRM_WITHIN: Final = timedelta(days=3)
"""The time for the second step, from its mail on."""


class Answer(StrEnum):
    """What a guardian may answer; there is no default."""

    GRANT = "grant"
    DECLINE = "decline"


OPEN = frozenset({RequestState.PENDING, RequestState.CONFIRMING})
"""The guardian's last word is still to come."""

TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.CONFIRMING: frozenset({RequestState.PENDING}),
    RequestState.GRANTED: OPEN,
    RequestState.DECLINED: OPEN,
    RequestState.EXPIRED: OPEN,
    RequestState.SUPERSEDED: OPEN,
    RequestState.UNDELIVERABLE: OPEN,
    RequestState.WITHDRAWN: frozenset({RequestState.GRANTED}),
    RequestState.AGED_OUT: frozenset({RequestState.GRANTED}),
}
"""For each state: the states from which it can be reached. PENDING is where a request is born."""

ANSWERED: dict[Answer, RequestState] = {
    Answer.GRANT: RequestState.GRANTED,
    Answer.DECLINE: RequestState.DECLINED,
}

REACHED: dict[Answer, frozenset[RequestState]] = {
    Answer.GRANT: frozenset({RequestState.GRANTED, RequestState.CONFIRMING}),
    Answer.DECLINE: frozenset({RequestState.DECLINED}),
}
"""The states in which an answer that comes again finds itself already counted."""


def co_consent_complete(*, assent_needed: bool, assent_sha256: str | None, consent_sha256: str | None) -> bool:
    """Whether the guardian's consent, and the minor's assent where it is needed, name the same notice."""
    if consent_sha256 is None:
        return False
    return not assent_needed or assent_sha256 == consent_sha256
