"""Read a case with what was said in it: for a person who is to rule. That somebody looked is kept."""

from dataclasses import dataclass, field
from datetime import datetime

from agegate.flows.report_seals import Words, account_cell, open_case_key, subject_of, words_of
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act, of_operator
from agegate.rules.errors import AgeGateError, OperatorUnknown, ReportUnknown
from agegate.store.registry import has_person
from agegate.store.reports import Report, report_by_id
from agegate.store.transaction import Transaction
from agegate.store.vault import SealBroken, Vault


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A case, opened."""

    report: Report
    subject: str | None = field(repr=False)
    account: str | None = field(repr=False)
    words: Words = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadReport:
    """Of a case that is over nothing but its state is left."""

    vault: Vault
    audit: WriteAudit

    def __call__(self, tx: Transaction, report: str, person: str, now: datetime) -> ReadCase | AgeGateError:
        """What whoever rules has to know."""
        found = report_by_id(tx, report)
        if fault := person_fault(tx, report, person):
            return fault
        if found is None:
            return ReportUnknown()
        self.audit(tx, Act.REPORT_READ, About(found.service, None, report), now, actor=of_operator(person))
        return ReadCase(found, self._subject(found), self._account(found), self._words(found))

    def _subject(self, found: Report) -> str | None:
        try:
            return subject_of(self.vault, found)
        except SealBroken:
            return None

    def _account(self, found: Report) -> str | None:
        if found.sealed_account is None:
            return None
        try:
            return self.vault.open(open_case_key(self.vault, found), account_cell(found.id), found.sealed_account)
        except SealBroken:
            return None

    def _words(self, found: Report) -> Words:
        try:
            return words_of(self.vault, found)
        except SealBroken:
            return {}


def case_view(tx: Transaction, report: str) -> ReadCase | ReportUnknown:
    """The same without anything personal, for whoever only wants to know how it stands."""
    found = report_by_id(tx, report)
    return ReadCase(found, None, None, {}) if found else ReportUnknown()


def person_fault(tx: Transaction, report: str, person: str) -> AgeGateError | None:
    """Why this person may not act on that case, or None."""
    found = report_by_id(tx, report)
    if found is None:
        return ReportUnknown()
    return None if has_person(tx, found.service, person) else OperatorUnknown()
