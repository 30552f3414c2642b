"""Let time act: a question unanswered, a guardian never found, a grace that is over.

Each looks again before it acts: what was answered or consented meanwhile is left alone. Silence purges what was only
collected for a consent; whoever was admitted before is restricted instead, unless a withdrawal asked for the end.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from agegate.flows.announce import Announce, EventType
from agegate.flows.order_purge import OrderPurge
from agegate.flows.settle_standing import SettleStanding
from agegate.rules.consent import RequestState, SubjectState
from agegate.rules.purge_causes import REASONS, Cause, Effect, effect_of
from agegate.store.consents import count_open, move_request, request_held, requests_of
from agegate.store.records import ConsentRequest, Subject
from agegate.store.subjects import change_subject, subject_by_id, subject_held
from agegate.store.transaction import Transaction

WAITING = frozenset({SubjectState.CONSENT_REQUIRED})
SHUT = frozenset({SubjectState.CONSENT_REQUIRED, SubjectState.RESTRICTED})


@dataclass(frozen=True, slots=True)
class LetExpire:
    """What the agenda calls when a time is over; each call may be repeated."""

    purge: OrderPurge
    announce: Announce
    settle: SettleStanding

    def request(self, tx: Transaction, request: str, now: datetime) -> None:
        """Ends an unanswered question; the last one open takes the subject with it (16 CFR 312.5(c)(1))."""
        asked = request_held(tx, request)
        # A question that is to be confirmed got a later time; only the one that is over by now ends.
        if asked is None or asked.expires_at > now:
            return
        subject = subject_by_id(tx, asked.subject_id)
        if subject is None or not move_request(tx, request, RequestState.EXPIRED, {"decided_at": now}):
            return
        self.announce(tx, subject.service, EventType.CONSENT_EXPIRED, now, subject_id=subject.id, request_id=request)
        if _effect(subject) is Effect.RESTRICT:
            self._restrict_in_time(tx, subject, now)
        elif count_open(tx, subject.id) == 0:
            self._purge_shut(tx, subject, SHUT, Cause.EXPIRED, now)

    def subject(self, tx: Transaction, subject_id: str, now: datetime) -> None:
        """Ends the time in which a guardian could be named."""
        subject = subject_held(tx, subject_id)
        if subject is not None and _effect(subject) is Effect.RESTRICT:
            self._restrict_in_time(tx, subject, now)
        elif subject is not None and not self._half_given(tx, subject):
            self._purge_shut(tx, subject, SHUT, Cause.EXPIRED, now)

    def grace(self, tx: Transaction, request: str, now: datetime) -> None:
        """Ends the grace after a withdrawal, unless somebody consented anew."""
        asked = request_held(tx, request)
        subject = subject_by_id(tx, asked.subject_id) if asked else None
        if subject is not None:
            anew = subject.consent_request not in {None, request}
            self._purge_shut(tx, subject, WAITING if anew else SHUT, Cause.WITHDRAWN, now, tell=asked)

    def assent(self, tx: Transaction, subject_id: str, now: datetime) -> None:
        """Ends the time in which the minor could agree again after taking its agreement back."""
        subject = subject_held(tx, subject_id)
        if subject is not None and subject.assent_sha256 is None:
            self._purge_shut(tx, subject, SHUT, Cause.WITHDRAWN, now)

    @staticmethod
    def _half_given(tx: Transaction, subject: Subject) -> bool:
        """Whether a guardian agreed and has only to confirm: that question's own end decides."""
        return any(request.state == RequestState.CONFIRMING for request in requests_of(tx, subject.id))

    def _restrict_in_time(self, tx: Transaction, subject: Subject, now: datetime) -> None:
        """A guardian who is still being asked may answer first, even after the subject's own time."""
        over = subject.expires_at is not None and subject.expires_at <= now
        if over and count_open(tx, subject.id) == 0:
            self.settle.restrict(tx, subject, {}, now, WAITING, Cause.POLICY_CHANGED)

    def _purge_shut(
        self,
        tx: Transaction,
        subject: Subject,
        states: Collection[str],
        cause: Cause,
        now: datetime,
        *,
        tell: ConsentRequest | None = None,
    ) -> None:
        # The condition is the first write: a consent that was granted a moment ago wins.
        # Under a legal hold the purge is ordered all the same, and waits for the hold to end.
        if subject.held_state in states or change_subject(tx, subject.id, states, {"expires_at": now}):
            self.purge(tx, subject.service, subject.subject, REASONS[cause], now, tell=tell)


def _effect(subject: Subject) -> Effect:
    return effect_of(Cause.EXPIRED, ever_admitted=subject.admitted_at is not None)
