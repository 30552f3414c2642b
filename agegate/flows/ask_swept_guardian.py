"""Ask the guardian whom a swept file named, when the turn of that account has come.

The questions of a file are spread over time, and each guardian has the whole time to answer from then on. The address
is forgotten here as soon as the question holds it. A mailbox that was written to enough is asked later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agegate.entropy import new_id
from agegate.flows.due import Due
from agegate.flows.forms import ConsentRequestForm
from agegate.flows.request_consent import RequestConsent
from agegate.flows.write_audit import About
from agegate.rules.audit import Act
from agegate.rules.consent import SubjectState
from agegate.rules.errors import AgeGateError
from agegate.rules.mail_limits import may_write
from agegate.store import agenda
from agegate.store.mailboxes import hold_mailbox
from agegate.store.registry import find_service
from agegate.store.subjects import hold_subject, subject_by_id
from agegate.store.sweeps import note_asked, swept_of
from agegate.store.transaction import Transaction
from agegate.store.vault import Cell, SealBroken

LOOK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AskSweptGuardian:
    """What the agenda calls; may be repeated."""

    request: RequestConsent

    def __call__(self, tx: Transaction, subject_id: str, now: datetime) -> None:
        """Creates the question, or puts it off while the mailbox is at its limit."""
        held = subject_by_id(tx, subject_id) if hold_subject(tx, subject_id) else None
        kept = swept_of(tx, subject_id)
        if held is None or kept is None or kept.sealed_guardian is None:
            return
        service = find_service(tx, held.service)
        if service is None or held.state != SubjectState.CONSENT_REQUIRED:
            note_asked(tx, subject_id, now)
            return
        try:
            key = self.request.vault.open_key(held.id, held.wrapped_key)
            address = self.request.vault.open(key, swept_guardian_cell(held.id), kept.sealed_guardian)
        except SealBroken:
            return
        if not may_write(hold_mailbox(tx, self.request.digests.mailbox(address), now), now):
            agenda.put(tx, new_id(self.request.entropy, now), Due.SWEPT_QUESTION, subject_id, now + LOOK_AGAIN)
            return
        asked = self.request(tx, service, held.subject, ConsentRequestForm(address, kept.locale), now)
        note_asked(tx, subject_id, now)
        if isinstance(asked, AgeGateError):
            facts = {"reason": type(asked).__name__}
            self.request.audit(tx, Act.SWEPT_QUESTION_REFUSED, About(held.service, held.id), now, facts=facts)


def swept_guardian_cell(subject: str) -> Cell:
    """Where the address waits, under the subject's key."""
    return Cell("swept_subjects", "sealed_guardian", subject)
