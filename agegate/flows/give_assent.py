"""Record the minor's own agreement, or take it back. Co-consent needs it beside the guardian's consent."""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import new_id
from agegate.flows.announce import Announce, EventType
from agegate.flows.due import Due
from agegate.flows.forms import AssentForm
from agegate.flows.rule_book import RuleBook
from agegate.flows.settle_consent import SettleConsent
from agegate.flows.standing import SubjectView, view_of
from agegate.flows.stick_answer import StickAnswer
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import SUBJECT, Act
from agegate.rules.consent import SubjectState
from agegate.rules.errors import AgeGateError, ConsentNotNeeded, SubjectUnknown
from agegate.store import agenda
from agegate.store.records import Service
from agegate.store.subjects import change_subject, find_subject_held, subject_by_id
from agegate.store.transaction import Transaction

NOT_AGREED: dict[str, object] = {
    "assent_sha256": None,
    "assented_at": None,
    "assent_locale": None,
    "assent_version": None,
}


def agreed(form: AssentForm, now: datetime) -> dict[str, object]:
    """The columns of a minor's agreement."""
    return {
        "assent_sha256": form.notice_sha256,
        "assented_at": now,
        "assent_locale": form.locale,
        "assent_version": form.policy_version,
    }


@dataclass(frozen=True, slots=True)
class GiveAssent:
    """Binds the minor's agreement to the digest of today's notice."""

    rules: RuleBook
    audit: WriteAudit
    settle: SettleConsent

    def __call__(
        self, tx: Transaction, service: Service, subject: str, form: AssentForm, now: datetime
    ) -> SubjectView | AgeGateError:
        """The view after it; may complete a consent that waited for it."""
        if fault := self.rules.assent_fault(self.rules.profile(service.profile), form):
            return fault
        held = find_subject_held(tx, service.name, subject)
        if held is None:
            return SubjectUnknown()
        # Whoever is consented may agree to newer terms; the older scope holds until the guardian does too.
        states = {held.state} if self.settle.opens(tx, held) else {SubjectState.CONSENTED}
        if held.assent_sha256 != form.notice_sha256 and change_subject(tx, held.id, states, agreed(form, now)):
            facts = {"notice_sha256": form.notice_sha256}
            self.audit(tx, Act.ASSENT_GIVEN, About(service.name, held.id), now, actor=SUBJECT, facts=facts)
            self.settle(tx, held.id, now)
        elif held.assent_sha256 != form.notice_sha256:
            return ConsentNotNeeded()
        return view_of(subject_by_id(tx, held.id) or held)


@dataclass(frozen=True, slots=True)
class WithdrawAssent:
    """Takes the minor's agreement back: nothing is admitted until it is given again, and that has a time of its own."""

    rules: RuleBook
    announce: Announce
    sticky: StickAnswer

    def __call__(self, tx: Transaction, service: Service, subject: str, now: datetime) -> SubjectView | AgeGateError:
        """The view after it. Withdrawing twice is the same as once."""
        held = find_subject_held(tx, service.name, subject)
        if held is None:
            return SubjectUnknown()
        waiting = {SubjectState.CONSENT_REQUIRED, SubjectState.CONSENTED}
        gone = {**NOT_AGREED, "state": SubjectState.CONSENT_REQUIRED}
        if change_subject(tx, held.id, waiting, gone) and held.state == SubjectState.CONSENTED:
            due = now + self.rules.profile(service.profile).retention.subject_expiry
            change_subject(tx, held.id, waiting, {"expires_at": due})
            agenda.put(tx, new_id(self.announce.entropy, now), Due.ASSENT_WITHDRAWAL, held.id, due)
            self.sticky.held(tx, held, now)
            self.announce.audit(tx, Act.ASSENT_WITHDRAWN, About(service.name, held.id), now, actor=SUBJECT)
            self.announce(tx, service.name, EventType.CONSENT_WITHDRAWN, now, subject_id=held.id)
        return view_of(subject_by_id(tx, held.id) or held)
