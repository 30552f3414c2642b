"""Withdraw a consent: the subject is shut in the same transaction; deletion follows after the grace, or at once.

As easy as giving it (GDPR Art. 7(3)). "Delete now" is a grace of zero. A new consent within the grace keeps the data.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import new_id
from agegate.flows.announce import Announce, EventType
from agegate.flows.due import Due
from agegate.flows.note_consent_event import ConsentEvent, NoteConsentEvent
from agegate.flows.order_purge import OrderPurge
from agegate.flows.rule_book import RuleBook
from agegate.flows.stick_answer import StickAnswer
from agegate.rules.consent import Ended, RequestState, SubjectState
from agegate.rules.errors import AgeGateError, AlreadyAnswered, LinkUnknown
from agegate.rules.purge import PurgeReason
from agegate.store import agenda
from agegate.store.consents import live_consents, move_request, note_request, request_held
from agegate.store.records import ConsentRequest, Subject
from agegate.store.registry import find_service
from agegate.store.subjects import change_subject, subject_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What follows: `delete_at` is when the data goes, `purge` the order when it went at once."""

    delete_at: datetime
    purge: str | None


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """The one way a granted request becomes withdrawn."""

    rules: RuleBook
    purge: OrderPurge
    announce: Announce
    sticky: StickAnswer
    note: NoteConsentEvent

    def __call__(
        self, tx: Transaction, request: str, now: datetime, *, delete_now: bool, why: Ended = Ended.GUARDIAN
    ) -> Withdrawn | AgeGateError:
        """Withdrawing twice is the same as once; a later "delete now" shortens the grace."""
        asked = request_held(tx, request)
        subject = subject_by_id(tx, asked.subject_id) if asked else None
        if asked is None or subject is None:
            return LinkUnknown()
        if asked.state not in {RequestState.GRANTED, RequestState.WITHDRAWN}:
            return AlreadyAnswered()
        if asked.state == RequestState.GRANTED:
            self._shut(tx, subject, why, now)
        return self._plan_deletion(tx, asked, subject, now, delete_now=delete_now)

    def _shut(self, tx: Transaction, subject: Subject, why: Ended, now: datetime) -> None:
        """Ends every consent of the subject: also the older one, where newer terms were agreed to since."""
        shut = {"state": SubjectState.CONSENT_REQUIRED, "consent_request": None}
        change_subject(tx, subject.id, {SubjectState.CONSENTED}, shut)
        self.sticky.held(tx, subject, now)
        for live in live_consents(tx, subject.id):
            if move_request(tx, live.id, RequestState.WITHDRAWN, {"ended_at": now, "ended_why": why}):
                self.note(tx, live, ConsentEvent.WITHDRAWN, now)
                kind = EventType.CONSENT_WITHDRAWN
                self.announce(tx, live.service, kind, now, subject_id=subject.id, request_id=live.id)
                agenda.put(tx, new_id(self.announce.entropy, now), Due.WITHDRAWAL_MAIL, live.id, now)

    def _plan_deletion(
        self, tx: Transaction, asked: ConsentRequest, subject: Subject, now: datetime, *, delete_now: bool
    ) -> Withdrawn:
        service = find_service(tx, asked.service)
        grace = self.rules.profile(service.profile).retention.withdrawal_grace if service else None
        if delete_now or not grace:
            reason = PurgeReason.CONSENT_WITHDRAWN
            purge = self.purge(tx, subject.service, subject.subject, reason, now, tell=asked)
            return Withdrawn(now, purge)
        if asked.delete_at is not None:
            return Withdrawn(asked.delete_at, None)
        note_request(tx, asked.id, {"delete_at": now + grace})
        agenda.put(tx, new_id(self.announce.entropy, now), Due.WITHDRAWAL, asked.id, now + grace)
        return Withdrawn(now + grace, None)
