"""End a legal hold, by a person or at its end date: the subject gets back the state it had, and what waited goes on.

A purge that was ordered meanwhile is carried out in the same transaction, under the id that it was given.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import new_id
from agegate.flows.announce import Announce, EventType
from agegate.flows.due import Due
from agegate.flows.order_purge import OrderPurge
from agegate.flows.settle_consent import SettleConsent
from agegate.flows.write_audit import About
from agegate.rules.audit import AGEGATE, Act, of_operator
from agegate.rules.consent import SubjectState
from agegate.rules.errors import HoldUnknown
from agegate.rules.purge import PurgeReason
from agegate.store import agenda
from agegate.store.holds import Hold, end_hold, find_hold, unmark_held
from agegate.store.purges import held_purge
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class EndHold:
    """Both ways to the end."""

    purge: OrderPurge
    announce: Announce
    settle: SettleConsent

    def release(self, tx: Transaction, service: str, hold: str, person: str, now: datetime) -> Hold | HoldUnknown:
        """Ends a hold on a person's word. Releasing twice is the same as once."""
        found = find_hold(tx, hold)
        if found is None or found.service != service:
            return HoldUnknown()
        self._end(tx, found, of_operator(person), now)
        return find_hold(tx, hold) or found

    def at_its_date(self, tx: Transaction, hold: str, now: datetime) -> None:
        """Ends a hold whose time is over."""
        if found := find_hold(tx, hold):
            self._end(tx, found, AGEGATE, now)

    def _end(self, tx: Transaction, hold: Hold, actor: str, now: datetime) -> None:
        if not end_hold(tx, hold.id, actor, now):
            return
        agenda.drop(tx, [hold.id])
        self.announce.audit(tx, Act.HOLD_ENDED, About(hold.service, hold.subject_id, hold.id), now, actor=actor)
        ended = find_hold(tx, hold.id)  # it may have been approved since it was looked up
        approved = ended is not None and ended.approved_at is not None
        state = unmark_held(tx, hold.subject_id) if hold.subject_id and approved else None
        if state is not None and hold.subject_id is not None:
            self._go_on(tx, hold, hold.subject_id, state, now)

    def _go_on(self, tx: Transaction, hold: Hold, row: str, state: SubjectState, now: datetime) -> None:
        subject = subject_by_id(tx, row)
        if subject is None:
            return
        waiting = held_purge(tx, hold.service, hold.subject_digest)
        if waiting is not None:
            self.purge(tx, subject.service, subject.subject, PurgeReason(waiting.reason), now, again=waiting.id)
        elif state == SubjectState.RESTRICTED:
            self.settle(tx, row, now)  # a guardian may have agreed while the hold kept it shut
        else:
            self.announce(tx, hold.service, EventType.SUBJECT_CLEARED, now, subject_id=row)
            if state == SubjectState.CONSENT_REQUIRED and not self.settle(tx, row, now):
                due_at = max(now, subject.expires_at or now)
                agenda.put(tx, new_id(self.announce.entropy, now), Due.SUBJECT_EXPIRY, row, due_at)
