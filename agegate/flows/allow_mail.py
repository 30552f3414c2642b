"""Allow an unasked mail to a guardian, or hold it back, without anybody outside being able to tell.

Every call reads and writes the same rows in the same order, whatever it finds: the caller of the API sees neither from
the answer nor from its time whether the mailbox is new, over a limit, suppressed or waiting for a review.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.rules.consent import MOST_CHILDREN, MailHold, RequestState, Stop
from agegate.rules.mail_limits import may_write, still_counting
from agegate.store.consents import children_of, requests_of
from agegate.store.mailboxes import hold_mailbox, is_suppressed, note_written
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Whose mailbox is to be written to, for whom; `reviewed` when an operator looked at it already."""

    digest: str
    guardian_digest: str
    service: str
    subject_id: str
    reviewed: bool = False


def allow_mail(tx: Transaction, box: Mailbox, now: datetime) -> MailHold | None:
    """Why nothing may be sent now, or None; then a place of the limit is taken."""
    written = still_counting(hold_mailbox(tx, box.digest, now), now)
    suppressed = is_suppressed(tx, box.digest, now)
    refused = any(
        request.guardian_digest == box.guardian_digest
        and request.state == RequestState.UNDELIVERABLE
        and request.ended_why in set(Stop)
        for request in requests_of(tx, box.subject_id)
    )
    crowded = children_of(tx, box.service, box.digest, box.subject_id) >= MOST_CHILDREN and not box.reviewed
    hold: MailHold | None
    if suppressed:
        hold = MailHold.SUPPRESSED
    elif refused:
        hold = MailHold.REFUSED
    elif crowded:
        hold = MailHold.REVIEW
    else:
        hold = None if may_write(written, now) else MailHold.LIMIT
    note_written(tx, box.digest, written if hold else [*written, now], now)
    return hold
