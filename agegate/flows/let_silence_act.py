"""Let silence act: the time to contest is over, the service never said whom a report means, an account's name is old.

Each looks again before it acts. Silence purges only what a person found plausible and what shut the subject.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from agegate.entropy import new_id
from agegate.flows.due import Due
from agegate.flows.order_purge import OrderPurge
from agegate.flows.report_seals import subject_of
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act
from agegate.rules.consent import RequestState
from agegate.rules.purge import PurgeReason
from agegate.rules.purge_causes import REASONS, Cause
from agegate.rules.report import CLAIMS, CURED_BY_CONSENT, Flag, ReportState
from agegate.store import agenda
from agegate.store.consents import requests_of
from agegate.store.records import Subject
from agegate.store.reports import Report, end_report, note_report, report_by_id
from agegate.store.subjects import find_subject_held
from agegate.store.transaction import Transaction
from agegate.store.vault import SealBroken

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LetSilenceAct:
    """What the agenda calls; each call may be repeated."""

    purge: OrderPurge
    audit: WriteAudit

    def contest_ends(self, tx: Transaction, report: str, now: datetime) -> None:
        """Purges what is plausible and uncontested. What nobody ruled on stays shut, or lapses if it shut nobody."""
        found = report_by_id(tx, report)
        if found is None or found.ended_at is not None:
            return
        try:
            subject = subject_of(self.purge.vault, found)
        except SealBroken:
            return
        held = find_subject_held(tx, found.service, subject)  # first the subject, as everybody who decides about one
        case = report_by_id(tx, report)
        if case is None or case.ended_at is not None or case.contest_ends is None:
            return
        if case.contest_ends > now:
            agenda.put(tx, new_id(self.purge.entropy, now), Due.CONTEST_END, report, case.contest_ends)
        elif not case.restricts:
            self._over(tx, case, ReportState.ENDED, held.id if held else None, now)
        elif case.state == ReportState.PLAUSIBLE and held is not None and (later := _half_given(tx, case, held)) > now:
            agenda.put(tx, new_id(self.purge.entropy, now), Due.CONTEST_END, report, later)
        elif case.state == ReportState.PLAUSIBLE and self._over(
            tx, case, ReportState.SILENT, held.id if held else None, now
        ):
            claimed = case.basis in CLAIMS
            reason = REASONS[Cause.SILENCE] if claimed else PurgeReason.UNDER_AGE
            self.purge(tx, case.service, subject, reason, now)

    def unanswered(self, tx: Transaction, report: str, now: datetime) -> None:
        """The service has not said whom a report means: the queue shows it to the operator."""
        del now
        found = report_by_id(tx, report)
        if found is not None and found.state == ReportState.UNNAMED and Flag.UNANSWERED not in found.flags:
            note_report(tx, report, {"flags": [*found.flags, Flag.UNANSWERED]})

    def account_kept(self, tx: Transaction, report: str, now: datetime) -> None:
        """Nobody said whose account it is, and its name is not kept any longer."""
        found = report_by_id(tx, report)
        if found is not None and found.state == ReportState.UNNAMED:
            self._over(tx, found, ReportState.ENDED, None, now)

    def _over(self, tx: Transaction, case: Report, to: ReportState, life: str | None, now: datetime) -> bool:
        """False when somebody contested or ruled first: nobody holds a subject that we do not have."""
        if not end_report(tx, case.id, to, now):
            return False
        agenda.drop(tx, [case.id])
        self.audit(tx, Act.REPORT_ENDED, About(case.service, life, case.id), now, facts={"state": to.value})
        return True


def _half_given(tx: Transaction, case: Report, held: Subject) -> datetime:
    """Until when a guardian may confirm a yes: whoever said it was not silent. Long ago where there is none."""
    confirming = [each for each in requests_of(tx, held.id) if each.state == RequestState.CONFIRMING]
    counts = case.basis in CURED_BY_CONSENT
    return max((each.expires_at for each in confirming if counts), default=NEVER)
