"""Take a report from the public form, and learn from the service whom it means.

Such a report shuts nobody. It names an account by its public name, which is kept sealed for 30 days at most and
handed to the service; a service that does not answer within three days leaves the case to the operator.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import new_id
from agegate.flows.announce import EventType
from agegate.flows.due import Due
from agegate.flows.open_case import Claim, OpenCase
from agegate.flows.report_seals import named_cell, open_case_key
from agegate.flows.write_audit import About
from agegate.rules.audit import Act
from agegate.rules.errors import AgeGateError, AlreadyAnswered, ReportLimitReached, ReportOver, ReportUnknown
from agegate.rules.report import A_DAY, ACCOUNT_KEPT, ANSWER_WITHIN, MOST_A_DAY, Basis, ReportState, flags_of
from agegate.store import agenda
from agegate.store.records import Service
from agegate.store.reports import Report, count_from, count_on, end_report, move_report, report_by_id
from agegate.store.subjects import find_subject
from agegate.store.transaction import Transaction
from agegate.store.vault import SealBroken

UNKNOWN = "unknown"
"""What a service says of a public name that is nobody's; no subject can have it as its id here."""


@dataclass(frozen=True, slots=True)
class ReceiveReport:
    """Both ends of the public form."""

    cases: OpenCase

    def __call__(
        self, tx: Transaction, service: Service, account: str, network: str | None, now: datetime
    ) -> str | ReportLimitReached:
        """The id of the report. `network` is where the form came from; it is counted for a day and no longer."""
        day = now.date().isoformat()
        reporter = self.cases.digests.reference("network", service.name, day, network) if network else None
        if reporter is not None and count_from(tx, reporter, now - A_DAY)[0] >= MOST_A_DAY:
            return ReportLimitReached()
        claim = Claim(Basis.OTHER, account=account, reporter_digest=reporter, actor="form")
        row, entropy = self.cases(tx, service, claim, None, now), self.cases.entropy
        agenda.put(tx, new_id(entropy, now), Due.REPORT_UNANSWERED, row, now + ANSWER_WITHIN)
        agenda.put(tx, new_id(entropy, now), Due.REPORT_ACCOUNT, row, now + ACCOUNT_KEPT)
        self.cases.announce(tx, service.name, EventType.REPORT_RECEIVED, now, report_id=row)
        return row

    def name(
        self, tx: Transaction, service: Service, report: str, subject: str, now: datetime, actor: str
    ) -> Report | AgeGateError:
        """Whom the report means, or `unknown`. The first answer stands; the account's public name goes with it."""
        found = report_by_id(tx, report)
        if found is None or found.service != service.name:
            return ReportUnknown()
        digest = self.cases.digests.subject(service.name, subject)
        if found.state != ReportState.UNNAMED:
            again = found.subject_digest == digest or (subject == UNKNOWN and found.state == ReportState.UNKNOWN)
            return found if again else AlreadyAnswered()
        if not self._told(tx, service, found, subject, digest, now):
            return AlreadyAnswered()
        agenda.drop(tx, [report])
        named = report_by_id(tx, report)
        if named is not None and named.contest_ends is not None:
            agenda.put(tx, new_id(self.cases.entropy, now), Due.CONTEST_END, report, named.contest_ends)
        facts: dict[str, object] = {"known": int(subject != UNKNOWN)}
        self.cases.announce.audit(
            tx, Act.REPORT_NAMED, About(service.name, None, report), now, actor=actor, facts=facts
        )
        return report_by_id(tx, report) or ReportOver()

    def _told(self, tx: Transaction, service: Service, case: Report, subject: str, digest: str, now: datetime) -> bool:
        if subject == UNKNOWN:
            return end_report(tx, case.id, ReportState.UNKNOWN, now)
        try:
            key = open_case_key(self.cases.vault, case)
        except SealBroken:
            return False
        on_target = count_on(tx, service.name, digest, now - A_DAY) + 1
        named = {
            "subject_digest": digest,
            "sealed_subject": self.cases.vault.seal(key, named_cell(case.id), subject),
            "sealed_account": None,
            "flags": [*case.flags, *map(str, flags_of(on_target=on_target, targets=0, cooling=False))],
            "contest_ends": self.cases.ends(service, find_subject(tx, service.name, subject), now),
        }
        return move_report(tx, case.id, ReportState.RECEIVED, named)
