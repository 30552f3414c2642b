"""Settle a consent: once the guardian's consent and the minor's assent name the same notice, admit the subject."""

from datetime import datetime

from agegate.rules.assurance import Assurance
from agegate.rules.consent import SubjectState, co_consent_complete
from agegate.store import agenda
from agegate.store.consents import live_consents
from agegate.store.records import ConsentRequest, Subject
from agegate.store.subjects import change_subject, subject_by_id
from agegate.store.transaction import Transaction


def settle_consent(tx: Transaction, subject_id: str, now: datetime) -> bool:
    """Moves a waiting subject to `consented` if everything is there; False when something is missing."""
    subject = subject_by_id(tx, subject_id)
    if subject is None:
        return False
    for request in live_consents(tx, subject_id):
        if (
            (subject.state != SubjectState.CONSENTED or request.id != subject.consent_request)
            and is_strong_enough(request, subject)
            and co_consent_complete(
                assent_needed=subject.assent_needed,
                assent_sha256=subject.assent_sha256,
                consent_sha256=request.notice_sha256,
            )
        ):
            return _admit(tx, subject, request, now)
    return False


def _admit(tx: Transaction, subject: Subject, request: ConsentRequest, now: datetime) -> bool:
    if subject.state == SubjectState.CONSENTED:  # newer terms, now agreed to by both
        return change_subject(tx, subject.id, {SubjectState.CONSENTED}, {"consent_request": request.id})
    admitted = {
        "state": SubjectState.CONSENTED,
        "consent_request": request.id,
        "expires_at": None,
        "admitted_at": subject.admitted_at or now,
    }
    settled = change_subject(tx, subject.id, {SubjectState.CONSENT_REQUIRED}, admitted)
    if settled:
        agenda.drop(tx, [subject.id])  # the time to find a guardian is over; a withdrawal has its own
    return settled


def lacks_only_assent(tx: Transaction, subject: Subject) -> bool:
    """Whether a guardian consented as strongly as is needed, and the minor has not agreed to the same notice."""
    if subject.state != SubjectState.CONSENT_REQUIRED or not subject.assent_needed:
        return False
    strong = [request for request in live_consents(tx, subject.id) if is_strong_enough(request, subject)]
    return bool(strong) and all(request.notice_sha256 != subject.assent_sha256 for request in strong)


def is_strong_enough(request: ConsentRequest, subject: Subject) -> bool:
    """Whether a grant is of the strength that is needed now; the rules may have changed since it was asked for."""
    return subject.assurance is not None and Assurance(request.assurance) >= Assurance(subject.assurance)
