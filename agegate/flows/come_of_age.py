"""Let a minor come of age: from today on the person decides, and the guardian's page only shows.

What was consented to stays allowed until the person confirms or changes it (EDPB Guidelines 05/2020, section 7.1.4);
the service is told, and asks the person. A change that is no coming of age is judged and recorded all the same.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.announce import EventType
from agegate.flows.judge_again import JudgeAgain
from agegate.flows.note_consent_event import ConsentEvent, NoteConsentEvent
from agegate.flows.settle_standing import SettleStanding, decided
from agegate.flows.standing import ALLOWED
from agegate.rules.consent import RequestState, SubjectState
from agegate.rules.purge_causes import Cause
from agegate.store.consents import live_consents, move_request
from agegate.store.registry import find_service
from agegate.store.subjects import hold_subject, subject_by_id
from agegate.store.transaction import Transaction
from agegate.store.vault import SealBroken

CONSENTED = frozenset({SubjectState.CONSENTED})


@dataclass(frozen=True, slots=True)
class ComeOfAge:
    """Judges on the day itself, by that day's rules; may be repeated."""

    judge: JudgeAgain
    settle: SettleStanding
    note: NoteConsentEvent

    def __call__(self, tx: Transaction, row: str, now: datetime) -> None:
        """Ends the guardian's part, if by today's rules nobody else has to be asked."""
        held = subject_by_id(tx, row) if hold_subject(tx, row) else None
        service = find_service(tx, held.service) if held else None
        if held is None or service is None or held.state != SubjectState.CONSENTED:
            return
        profile = self.judge.rules.profile(service.profile)
        try:
            known = self.judge.open(held)
        except SealBroken:
            return
        judged = self.judge(profile, held, known.birth_date, known.signals, now)
        facts: dict[str, object] = {"decided_on": judged.today, "grown": judged.grown}
        if judged.standing.decision != ALLOWED:
            self.settle.admitted(tx, held, judged.standing, facts, now, Cause.RULES_CHANGED)
            return
        lived = live_consents(tx, held.id)
        self.settle.admit(tx, held, {**facts, **decided(judged.standing, consent=False)}, now, CONSENTED)
        for live in lived:
            if move_request(tx, live.id, RequestState.AGED_OUT, {"ended_at": now}):
                self.note(tx, live, ConsentEvent.EXPIRED, now)
                about = {"subject_id": held.id, "request_id": live.id}
                self.settle.announce(tx, held.service, EventType.CONSENT_AGED_OUT, now, **about)
