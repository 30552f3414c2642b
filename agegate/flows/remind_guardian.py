"""Remind a guardian once, half-way: within the mail limits, and only while the question is open."""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.allow_mail import Mailbox, allow_mail
from agegate.flows.due import Due
from agegate.rules.consent import MailHold, RequestState
from agegate.store import agenda
from agegate.store.consents import note_request, request_held
from agegate.store.records import ConsentRequest
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RemindGuardian:
    """What the agenda calls at the time of the reminder. A first mail that was held back is made up for instead."""

    entropy: Entropy

    def __call__(self, tx: Transaction, request: str, now: datetime) -> bool:
        """Whether anything is on its way to the guardian now."""
        asked = request_held(tx, request)
        if asked is None or asked.state != RequestState.PENDING or asked.expires_at <= now:
            return False
        return write_again(tx, asked, Due.REMINDER_MAIL if asked.mailed_at else Due.REQUEST_MAIL, self.entropy, now)


def write_again(tx: Transaction, asked: ConsentRequest, kind: Due, entropy: Entropy, now: datetime) -> bool:
    """Puts one more unasked mail on the agenda, or holds it back; either way the same rows are written."""
    if asked.mailed_at is None and asked.mail_hold is None:
        return True  # the first one is still on its way
    hold = MailHold.LIMIT if asked.mailbox_digest is None else allow_mail(tx, mailbox_of(asked), now)
    reminded = {"reminded_at": now} if kind is Due.REMINDER_MAIL and hold is None else {}
    note_request(tx, asked.id, {"mail_hold": hold, **reminded})
    agenda.put(tx, new_id(entropy, now), kind, asked.id, now)
    return hold is None


def mailbox_of(asked: ConsentRequest) -> Mailbox:
    """Whom a request writes to."""
    return Mailbox(
        digest=asked.mailbox_digest or "",
        guardian_digest=asked.guardian_digest,
        service=asked.service,
        subject_id=asked.subject_id,
        reviewed=asked.reviewed_at is not None,
    )
