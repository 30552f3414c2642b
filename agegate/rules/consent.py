"""The states of a subject and of a consent request, and the only moves between them.

Owns the transition table that the store's conditional updates take their conditions from. Says nothing about mail,
pages or time.
"""

from enum import StrEnum


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
    GRANTED = "granted"
    DECLINED = "declined"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    UNDELIVERABLE = "undeliverable"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """What a guardian may answer; there is no default."""

    GRANT = "grant"
    DECLINE = "decline"


TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.GRANTED: frozenset({RequestState.PENDING}),
    RequestState.DECLINED: frozenset({RequestState.PENDING}),
    RequestState.EXPIRED: frozenset({RequestState.PENDING}),
    RequestState.SUPERSEDED: frozenset({RequestState.PENDING}),
    RequestState.UNDELIVERABLE: frozenset({RequestState.PENDING}),
    RequestState.WITHDRAWN: frozenset({RequestState.GRANTED}),
}
"""For each state: the states from which it can be reached. PENDING is where a request is born."""

ANSWERED: dict[Answer, RequestState] = {
    Answer.GRANT: RequestState.GRANTED,
    Answer.DECLINE: RequestState.DECLINED,
}


def co_consent_complete(*, assent_needed: bool, assent_sha256: str | None, consent_sha256: str | None) -> bool:
    """Whether the guardian's consent, and the minor's assent where it is needed, name the same notice."""
    if consent_sha256 is None:
        return False
    return not assent_needed or assent_sha256 == consent_sha256
