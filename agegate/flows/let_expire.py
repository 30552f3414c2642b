"""Let time act: a question unanswered, a guardian never found, a grace that is over. Each ends in a purge.

Each looks again before it acts: what was answered or consented meanwhile is left alone.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.announce import Announce, EventType
from agegate.flows.order_purge import OrderPurge
from agegate.rules.consent import RequestState, SubjectState
from agegate.rules.purge import PurgeReason
from agegate.store.consents import count_open, move_request, request_by_id
from agegate.store.records import Subject
from agegate.store.subjects import change_subject, subject_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class LetExpire:
    """What the agenda calls when a time is over; each call may be repeated."""

    purge: OrderPurge
    announce: Announce

    def request(self, tx: Transaction, request: str, now: datetime) -> None:
        """Ends an unanswered question; the last one open takes the subject with it (16 CFR 312.5(c)(1))."""
        if not move_request(tx, request, RequestState.EXPIRED, {"decided_at": now}):
            return
        asked = request_by_id(tx, request)
        subject = subject_by_id(tx, asked.subject_id) if asked else None
        if subject is None:
            return
        self.announce(tx, subject.service, EventType.CONSENT_EXPIRED, now, subject_id=subject.id, request_id=request)
        if count_open(tx, subject.id) == 0:
            self._purge_waiting(tx, subject, PurgeReason.CONSENT_EXPIRED, now)

    def subject(self, tx: Transaction, subject_id: str, now: datetime) -> None:
        """Ends the time in which a guardian could be named."""
        if subject := subject_by_id(tx, subject_id):
            self._purge_waiting(tx, subject, PurgeReason.CONSENT_EXPIRED, now)

    def grace(self, tx: Transaction, request: str, now: datetime) -> None:
        """Ends the grace after a withdrawal, unless somebody consented anew."""
        asked = request_by_id(tx, request)
        subject = subject_by_id(tx, asked.subject_id) if asked else None
        if subject is not None:
            self._purge_waiting(tx, subject, PurgeReason.CONSENT_WITHDRAWN, now)

    def _purge_waiting(self, tx: Transaction, subject: Subject, reason: PurgeReason, now: datetime) -> None:
        # The condition is the first write: a consent that was granted a moment ago wins.
        if change_subject(tx, subject.id, {SubjectState.CONSENT_REQUIRED}, {"expires_at": now}):
            self.purge(tx, subject.service, subject.subject, reason, now)
