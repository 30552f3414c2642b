"""Clear a subject after a dismissal: back to what was on record before, and decided again by today's rules."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from agegate.flows.announce import EventType
from agegate.flows.judge_again import JudgeAgain
from agegate.flows.settle_standing import SettleStanding
from agegate.flows.standing import BLOCKED, Standing, strictest
from agegate.rules.consent import SubjectState
from agegate.rules.errors import AgeGateError, StillUnderAge, SubjectHeld
from agegate.store.records import Subject
from agegate.store.registry import find_service
from agegate.store.reports import Report
from agegate.store.sticky import lift_sticky
from agegate.store.subjects import change_subject, subject_by_id
from agegate.store.transaction import Transaction, Values
from agegate.store.vault import SealBroken

RESTRICTED = frozenset({SubjectState.RESTRICTED})


@dataclass(frozen=True, slots=True)
class ClearSubject:
    """Tokens live again where the rules still admit."""

    judge: JudgeAgain
    settle: SettleStanding

    def __call__(self, tx: Transaction, row: str, report: Report, now: datetime) -> AgeGateError | None:
        """A refusal changes nothing: a legal hold, or the date that was on record before does not admit either."""
        held = subject_by_id(tx, row)
        service = find_service(tx, held.service) if held else None
        if held is None or service is None or held.state != SubjectState.RESTRICTED:
            return None
        if held.held_state is not None:
            return SubjectHeld()
        profile, before = self.judge.rules.profile(service.profile), restored(held, report)
        try:
            known = self.judge.open(before)
        except SealBroken:
            return StillUnderAge()
        judged = self.judge(profile, before, known.birth_date, known.signals, now)
        standing = strictest((judged.standing, Standing.recorded(held))) if held.stuck else judged.standing
        if standing.decision == BLOCKED:
            return StillUnderAge()
        facts: dict[str, object] = {
            "sealed_birth_date": before.sealed_birth_date,
            "sealed_signal": before.sealed_signal,
            "decided_on": judged.today,
            "grown": judged.grown and not held.stuck,
        }
        if held.admitted_at is None:
            self._waits_on(tx, held, facts, now)
            return None
        lift_sticky(tx, held.service, self.settle.sticky.digests.subject(held.service, held.subject))
        self.settle.cleared(tx, held, standing, facts, now, now + profile.retention.contest)
        return None

    def restore(self, tx: Transaction, row: str, report: Report) -> None:
        """Back to what was on record before this case, while another one still shuts the subject."""
        held = subject_by_id(tx, row)
        if held is not None and report.sealed_former is not None:
            before = restored(held, report)
            facts = {"sealed_birth_date": before.sealed_birth_date, "sealed_signal": before.sealed_signal}
            change_subject(tx, row, RESTRICTED, facts)

    def _waits_on(self, tx: Transaction, held: Subject, facts: Values, now: datetime) -> None:
        """One that was never admitted waits for its guardian again, who may have agreed meanwhile."""
        if change_subject(tx, held.id, RESTRICTED, {**facts, "state": SubjectState.CONSENT_REQUIRED}):
            self.settle.announce(tx, held.service, EventType.SUBJECT_CLEARED, now, subject_id=held.id)
            self.settle.consent(tx, held.id, now)


def restored(held: Subject, report: Report) -> Subject:
    """The subject with the date of birth and the signal from before what was found; both are still sealed."""
    if report.sealed_former is None:
        return held
    born, signal = json.loads(report.sealed_former)
    return replace(held, sealed_birth_date=born, sealed_signal=signal)
