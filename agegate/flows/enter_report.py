"""Enter what came to the operator: a claim by telephone or letter, and whom a report of the public form means."""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.forms import ReportForm
from agegate.flows.open_case import OpenCase
from agegate.flows.receive_report import ReceiveReport
from agegate.flows.report_subject import ReportSubject
from agegate.rules.audit import of_operator
from agegate.rules.errors import AgeGateError, OperatorUnknown, ReportUnknown, ServiceUnknown
from agegate.store.registry import find_service, has_person
from agegate.store.reports import Report, report_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class EnterReport:
    """The same flows as for services, by a person with a key of the service."""

    cases: OpenCase

    def __call__(
        self, tx: Transaction, service: str, form: ReportForm, person: str, now: datetime
    ) -> str | AgeGateError:
        """The id of the report."""
        found = find_service(tx, service)
        if found is None:
            return ServiceUnknown()
        if not has_person(tx, service, person):
            return OperatorUnknown()
        return ReportSubject(self.cases)(tx, found, form, now, of_operator(person))

    def name(self, tx: Transaction, report: str, subject: str, person: str, now: datetime) -> Report | AgeGateError:
        """The case, which now means that subject, or is over where nobody has that name."""
        case = report_by_id(tx, report)
        service = find_service(tx, case.service) if case else None
        if service is None:
            return ReportUnknown()
        if not has_person(tx, service.name, person):
            return OperatorUnknown()
        return ReceiveReport(self.cases).name(tx, service, report, subject, now, of_operator(person))
