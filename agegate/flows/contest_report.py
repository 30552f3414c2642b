"""Contest a report: the subject offers evidence of its age. Silence ends nothing from then on; two people rule.

Who contests one case contests every case that shut the subject. The evidence goes with the case.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.clock import rfc3339
from agegate.flows.forms import EvidenceForm
from agegate.flows.report_seals import subject_of, with_words
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act
from agegate.rules.errors import AgeGateError, ReportOver, ReportUnknown
from agegate.rules.report import ReportState
from agegate.store.reports import Report, live_reports, move_report, note_report, report_by_id
from agegate.store.subjects import find_subject_held
from agegate.store.transaction import Transaction
from agegate.store.vault import SealBroken, Vault


@dataclass(frozen=True, slots=True)
class ContestReport:
    """May be repeated: later evidence takes the place of what was offered before."""

    vault: Vault
    audit: WriteAudit

    def __call__(
        self, tx: Transaction, report: str, form: EvidenceForm, now: datetime, *, actor: str, service: str | None = None
    ) -> Report | AgeGateError:
        """The case as it is now."""
        found = report_by_id(tx, report)
        if found is None or (service is not None and found.service != service) or found.state == ReportState.UNNAMED:
            return ReportUnknown()
        try:
            subject = subject_of(self.vault, found)
        except SealBroken:
            return ReportOver()
        held = find_subject_held(tx, found.service, subject)  # first the subject, as everybody who decides about one
        case = report_by_id(tx, report)
        if case is None or case.ended_at is not None:
            return ReportOver()
        told = f"{form.kind} {form.reference} ({form.assurance}, {rfc3339(form.obtained_at)})"
        note_report(tx, report, {"sealed_words": with_words(self.vault, case, {"evidence": told})})
        for each in live_reports(tx, case.service, case.subject_digest or ""):
            if each.restricts or each.id == report:
                move_report(tx, each.id, ReportState.CONTESTED, {})
        about = About(found.service, held.id if held else None, report)
        facts: dict[str, object] = {"kind": form.kind.value, "assurance": str(form.assurance)}
        self.audit(tx, Act.REPORT_CONTESTED, about, now, actor=actor, facts=facts)
        return report_by_id(tx, report) or ReportOver()
