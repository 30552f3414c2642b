"""Show which guardians wait for a person's word: those of many children, whom nothing is sent to before.

Reads only, and opens nothing: who they are is not needed to find the request.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.store.consents import children_of, waiting_for_review
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class WaitingGuardian:
    """A request that waits; `children` counts this one too."""

    request: str
    service: str
    subject: str
    children: int
    asked_at: datetime
    expires_at: datetime
    flags: tuple[str, ...]


def show_waiting(tx: Transaction, service: str | None, now: datetime) -> list[WaitingGuardian]:
    """Those of one service or of all, whose time ends soonest first."""
    found = []
    for asked in waiting_for_review(tx, service, now):
        held = subject_by_id(tx, asked.subject_id)
        if held is not None:
            others = children_of(tx, asked.service, asked.mailbox_digest or "", asked.subject_id)
            times, flags = (asked.created_at, asked.expires_at), tuple(asked.flags or ())
            found.append(WaitingGuardian(asked.id, asked.service, held.subject, others + 1, *times, flags))
    return found
