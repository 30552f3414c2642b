"""End a question that reaches no guardian: the address refuses mail, or its reader is not the guardian.

Nothing of the child's is deleted by it; another guardian may be named until the subject's own time is over.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import new_id
from agegate.flows.announce import Announce, EventType
from agegate.flows.due import Due
from agegate.rules.consent import OPEN, RequestState
from agegate.store import agenda
from agegate.store.consents import move_request, request_by_id
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class EndUndeliverable:
    """The one way to undeliverable."""

    announce: Announce

    def __call__(
        self,
        tx: Transaction,
        request: str,
        why: str,
        now: datetime,
        *,
        only: Collection[RequestState] = OPEN,
    ) -> bool:
        """Ends an open question and tells the service; False when it was not open any more, or in none of `only`."""
        ended = {"decided_at": now, "ended_at": now, "ended_why": why}
        if not move_request(tx, request, RequestState.UNDELIVERABLE, ended, only=only):
            return False
        agenda.drop(tx, [request])
        asked = request_by_id(tx, request)
        subject = subject_by_id(tx, asked.subject_id) if asked else None
        if asked is None or subject is None:
            return True
        kind = EventType.CONSENT_UNDELIVERABLE
        self.announce(tx, asked.service, kind, now, subject_id=subject.id, request_id=request)
        if subject.expires_at is not None:  # its time may have been over already, while this guardian was waited for
            agenda.put(tx, new_id(self.announce.entropy, now), Due.SUBJECT_EXPIRY, subject.id, subject.expires_at)
        return True
