"""Report a subject: somebody claims that it is under age.

A guardian who was verified, the subject itself and the staff shut the subject at once, until a person has ruled; nobody
else does. The answer never tells whether we hold the subject, and the reporter learns nothing more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agegate.flows.announce import EventType
from agegate.flows.forms import ReportForm
from agegate.flows.open_case import Claim, OpenCase
from agegate.rules.audit import of_service
from agegate.rules.consent import ADMITTED, SubjectState
from agegate.rules.errors import ReportLimitReached
from agegate.rules.report import (
    A_DAY,
    COOL_DOWN,
    MOST_A_DAY,
    MOST_ON_TARGET,
    RESTRICTING,
    SAME_CALL,
    STATEMENTS,
    Flag,
    flags_of,
)
from agegate.store.holds import shut_under_hold
from agegate.store.records import Service, Subject
from agegate.store.reports import count_from, count_on, is_cooling, same_call
from agegate.store.subjects import change_subject, find_subject_held
from agegate.store.transaction import Transaction
from agegate.store.unheld import hold_name


@dataclass(frozen=True, slots=True)
class ReportSubject:
    """The entry of services and of the operator; the public form has its own."""

    cases: OpenCase

    def __call__(
        self, tx: Transaction, service: Service, form: ReportForm, now: datetime, actor: str | None = None
    ) -> str | ReportLimitReached:
        """The id of the report; the same claim sent again within minutes is the same report."""
        digests = self.cases.digests
        target = digests.subject(service.name, form.subject)
        reporter = digests.reference("reporter", service.name, form.reporter) if form.reporter else None
        held = find_subject_held(tx, service.name, form.subject)
        if held is None:
            hold_name(tx, target)
        if known := same_call(tx, service.name, form.basis, target, reporter, now - SAME_CALL):
            return known
        flags = self._flags(tx, service, form, target, reporter, now)
        if isinstance(flags, ReportLimitReached):
            return flags
        if form.basis in STATEMENTS:
            self.cases.shorten(tx, service.name, form.subject, now)
        shuts = form.basis in RESTRICTING and Flag.COOL_DOWN not in flags
        words = {"reporter": form.reporter or "", "detail": form.detail or ""}
        claim = Claim(
            basis=form.basis,
            subject=form.subject,
            words={name: text for name, text in words.items() if text},
            reporter_digest=reporter,
            flags=flags,
            restricts=shuts and held is not None and self._shut(tx, service, held),
            actor=actor or of_service(service.name),
        )
        case = self.cases(tx, service, claim, held, now)
        if claim.restricts and held is not None and held.state != SubjectState.RESTRICTED:
            told = EventType.SUBJECT_RESTRICTED
            self.cases.announce(tx, service.name, told, now, subject_id=held.id, report_id=case)
        return case

    def _shut(self, tx: Transaction, service: Service, held: Subject) -> bool:
        """Whether the subject is shut from now on, or was already. One that only waits has nothing to shut."""
        limited = self.cases.rules.profile(service.profile).limited_access_while_pending
        states = ADMITTED | ({SubjectState.CONSENT_REQUIRED} if limited else set())
        if held.state == SubjectState.RESTRICTED:
            shut_under_hold(tx, held.id, states)
            return True
        return change_subject(tx, held.id, states, {"state": SubjectState.RESTRICTED})

    @staticmethod
    def _flags(
        tx: Transaction, service: Service, form: ReportForm, target: str, reporter: str | None, now: datetime
    ) -> Sequence[Flag] | ReportLimitReached:
        since = now - A_DAY
        made, targets = count_from(tx, reporter, since) if reporter else (0, 0)
        on_target = count_on(tx, service.name, target, since)
        if made >= MOST_A_DAY or on_target >= MOST_ON_TARGET:
            return ReportLimitReached()
        cooling = is_cooling(tx, service.name, target, form.basis, now - COOL_DOWN)
        return flags_of(on_target=on_target + 1, targets=targets + 1, cooling=cooling)
