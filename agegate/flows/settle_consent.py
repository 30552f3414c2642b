"""Settle a consent: once the guardian's consent and the minor's assent name the same notice, admit the subject."""

from agegate.rules.consent import RequestState, SubjectState, co_consent_complete
from agegate.store.consents import requests_of
from agegate.store.subjects import change_subject, subject_by_id
from agegate.store.transaction import Transaction


def settle_consent(tx: Transaction, subject_id: str) -> bool:
    """Moves a waiting subject to `consented` if everything is there; False when something is missing."""
    subject = subject_by_id(tx, subject_id)
    if subject is None:
        return False
    for request in requests_of(tx, subject_id):
        if request.state == RequestState.GRANTED and co_consent_complete(
            assent_needed=subject.assent_needed,
            assent_sha256=subject.assent_sha256,
            consent_sha256=request.notice_sha256,
        ):
            admitted = {"state": SubjectState.CONSENTED, "consent_request": request.id, "expires_at": None}
            return change_subject(tx, subject_id, {SubjectState.CONSENT_REQUIRED}, admitted)
    return False
