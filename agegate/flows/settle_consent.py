"""Settle a consent: once the guardian's consent and the minor's assent name the same notice, admit the subject."""

from datetime import datetime

from agegate.rules.assurance import Assurance
from agegate.rules.consent import RequestState, SubjectState, co_consent_complete
from agegate.store import agenda
from agegate.store.consents import requests_of
from agegate.store.records import ConsentRequest, Subject
from agegate.store.subjects import change_subject, subject_by_id
from agegate.store.transaction import Transaction


def settle_consent(tx: Transaction, subject_id: str, now: datetime) -> bool:
    """Moves a waiting subject to `consented` if everything is there; False when something is missing."""
    subject = subject_by_id(tx, subject_id)
    if subject is None:
        return False
    for request in requests_of(tx, subject_id):
        if (
            request.state == RequestState.GRANTED
            and is_strong_enough(request, subject)
            and co_consent_complete(
                assent_needed=subject.assent_needed,
                assent_sha256=subject.assent_sha256,
                consent_sha256=request.notice_sha256,
            )
        ):
            admitted = {
                "state": SubjectState.CONSENTED,
                "consent_request": request.id,
                "expires_at": None,
                "admitted_at": subject.admitted_at or now,
            }
            settled = change_subject(tx, subject_id, {SubjectState.CONSENT_REQUIRED}, admitted)
            if settled:
                agenda.drop(tx, [subject_id])  # the time to find a guardian is over; a withdrawal has its own
            return settled
    return False


def is_strong_enough(request: ConsentRequest, subject: Subject) -> bool:
    """Whether a grant is of the strength that is needed now; the rules may have changed since it was asked for."""
    return subject.assurance is not None and Assurance(request.assurance) >= Assurance(subject.assurance)
