"""Settle a consent: once the guardian's consent and the minor's assent name the same notice, admit the subject.

Lets in whoever waits for one, and whoever was shut because the rules began to ask for one; that case is over with it.
What shuts a subject for another reason is no consent's business.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.announce import EventType
from agegate.flows.open_case import OpenCase, lacks_only_consent
from agegate.rules.assurance import Assurance
from agegate.rules.consent import SubjectState, co_consent_complete
from agegate.store import agenda
from agegate.store.consents import live_consents
from agegate.store.records import ConsentRequest, Subject
from agegate.store.subjects import change_subject, hold_subject, subject_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SettleConsent:
    """The one way to `consented`."""

    cases: OpenCase

    def __call__(self, tx: Transaction, subject_id: str, now: datetime) -> bool:
        """Moves a waiting subject to `consented` if everything is there; False when something is missing."""
        subject = subject_by_id(tx, subject_id) if hold_subject(tx, subject_id) else None
        if subject is None or not (subject.state == SubjectState.CONSENTED or self.opens(tx, subject)):
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
                return self._admit(tx, subject, request, now)
        return False

    def opens(self, tx: Transaction, subject: Subject) -> bool:
        """Whether a consent would let this subject in."""
        return subject.state == SubjectState.CONSENT_REQUIRED or lacks_only_consent(tx, self.cases.digests, subject)

    def _admit(self, tx: Transaction, subject: Subject, request: ConsentRequest, now: datetime) -> bool:
        if subject.state == SubjectState.CONSENTED:  # newer terms, now agreed to by both
            return change_subject(tx, subject.id, {SubjectState.CONSENTED}, {"consent_request": request.id})
        admitted = {
            "state": SubjectState.CONSENTED,
            "consent_request": request.id,
            "expires_at": None,
            "admitted_at": subject.admitted_at or now,
        }
        settled = change_subject(tx, subject.id, {subject.state}, admitted)
        if settled:
            agenda.drop(tx, [subject.id])  # the time to find a guardian is over; a withdrawal has its own
        if settled and subject.state == SubjectState.RESTRICTED:
            self.cases.end_all(tx, subject, now)
            self.cases.announce(tx, subject.service, EventType.SUBJECT_CLEARED, now, subject_id=subject.id)
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
