"""Rule on a report: plausible, upheld or dismissed, by a person, with a reason.

Upheld purges in this transaction. Dismissed lets the subject in again once no other case shuts it. Plausible lets
silence count. A contested case, and one that rests on nobody's word, takes two people.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import new_id
from agegate.flows.clear_subject import ClearSubject
from agegate.flows.due import Due
from agegate.flows.order_purge import OrderPurge
from agegate.flows.report_seals import subject_of, with_words
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act, of_operator
from agegate.rules.errors import (
    AgeGateError,
    ReportNotNamed,
    ReportOver,
    ReportUnknown,
    SecondApproverRequired,
)
from agegate.rules.purge_causes import REASONS, Cause
from agegate.rules.report import LAST_CHANCE, RESTRICTING, Flag, Look, ReportState, Ruling, look_at
from agegate.store import agenda
from agegate.store.records import Subject
from agegate.store.reports import Report, end_report, live_reports, move_report, note_report, report_by_id
from agegate.store.subjects import find_subject_held
from agegate.store.transaction import Transaction
from agegate.store.vault import SealBroken, Vault


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said, and who it is."""

    ruling: Ruling
    reason: str
    person: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """The case after it; `purge` is the order that an upheld one led to."""

    report: Report
    purge: str | None = None


@dataclass(frozen=True, slots=True)
class RuleReport:
    """The one way a person's word counts."""

    vault: Vault
    purge: OrderPurge
    clear: ClearSubject
    audit: WriteAudit

    def __call__(
        self, tx: Transaction, report: str, said: Said, now: datetime, service: str | None = None
    ) -> Ruled | AgeGateError:
        """The ruling twice is the same as once; another one after the end is refused."""
        found = report_by_id(tx, report)
        if found is None or (service is not None and found.service != service):
            return ReportUnknown()
        if found.state == ReportState.UNNAMED:
            return ReportNotNamed()
        try:
            subject = subject_of(self.vault, found)
        except SealBroken:
            return Ruled(found) if found.ruling == said.ruling else ReportOver()
        held = find_subject_held(tx, found.service, subject)  # first the subject, as everybody who decides about one
        case = report_by_id(tx, report)
        if case is None or case.ended_at is not None:
            return ReportOver()
        return self._look(tx, case, subject, held, said, now)

    def _look(
        self, tx: Transaction, case: Report, subject: str, held: Subject | None, said: Said, now: datetime
    ) -> Ruled | AgeGateError:
        before = Ruling(case.ruling) if case.ruling else None
        two = needs_two(case, said.ruling)
        look = look_at(said.ruling, two_needed=two, before=before, by=case.ruled_by, person=said.person)
        if look is Look.SECOND_NEEDED:
            return SecondApproverRequired()
        if said.ruling is Ruling.DISMISSED and look is Look.COUNTS:
            refused = self._dismissed(tx, case, held, said, now)
            if refused is not None:
                return refused
        purge = None
        if said.ruling is Ruling.UPHELD and look is Look.COUNTS:
            if not self._end(tx, case, ReportState.UPHELD, said, now):
                return ReportOver()
            purge = self.purge(tx, case.service, subject, REASONS[Cause.REPORT_UPHELD], now)
        elif said.ruling is Ruling.PLAUSIBLE or look is Look.NOTED:
            self._noted(tx, case, said, now)
        about = About(case.service, held.id if held else None, case.id)
        facts: dict[str, object] = {"ruling": said.ruling.value, "counts": int(look is Look.COUNTS)}
        self.audit(tx, Act.REPORT_RULED, about, now, actor=of_operator(said.person), facts=facts)
        after = report_by_id(tx, case.id)
        return Ruled(after, purge) if after else ReportUnknown()

    @staticmethod
    def _end(tx: Transaction, case: Report, to: ReportState, said: Said, now: datetime) -> bool:
        agenda.drop(tx, [case.id])
        return end_report(tx, case.id, to, now, {"ruling": said.ruling, "ruled_by": said.person})

    def _dismissed(
        self, tx: Transaction, case: Report, held: Subject | None, said: Said, now: datetime
    ) -> AgeGateError | None:
        others = [each for each in live_reports(tx, case.service, case.subject_digest or "") if each.id != case.id]
        if case.restricts and held is not None and any(each.restricts for each in others):
            self.clear.restore(tx, held.id, case)
        elif case.restricts and held is not None and (refused := self.clear(tx, held.id, case, now)):
            return refused
        if not self._end(tx, case, ReportState.DISMISSED, said, now):
            return ReportOver()
        if held is not None:
            self.clear.settle.consent(tx, held.id, now)  # where another case only asks for one that was given meanwhile
        return None

    def _noted(self, tx: Transaction, case: Report, said: Said, now: datetime) -> None:
        words = with_words(self.vault, case, {"reason": said.reason, "by": said.person})
        opinion = {"ruling": said.ruling, "ruled_by": said.person, "sealed_words": words}
        if said.ruling is Ruling.PLAUSIBLE and move_report(tx, case.id, ReportState.PLAUSIBLE, opinion):
            if case.contest_ends is not None and case.contest_ends < now + LAST_CHANCE:
                note_report(tx, case.id, {"contest_ends": now + LAST_CHANCE})
            ends = max(case.contest_ends or now, now + LAST_CHANCE)
            agenda.put(tx, new_id(self.purge.entropy, now), Due.CONTEST_END, case.id, ends)
        elif case.ruling != said.ruling or case.ruled_by != said.person:
            note_report(tx, case.id, opinion)


def needs_two(case: Report, ruling: Ruling) -> bool:
    """Whether one person is too few: for what is contested, and to purge on a word that shuts nobody."""
    shuts = case.basis in RESTRICTING and Flag.COOL_DOWN not in case.flags
    return case.state == ReportState.CONTESTED or (ruling is Ruling.UPHELD and not shuts)
