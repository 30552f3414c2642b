"""Sign somebody up: decide, and keep only what the decision allows to keep.

Allowed: the subject, its date of birth sealed. Consent required: the same, and the time to find a guardian on the
agenda. Blocked: nothing but keyed digests that repeat the answer for a while. A repeat is `repeat_signup.py`.
"""

from dataclasses import dataclass, field
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.flows.forms import SignupForm
from agegate.flows.issue_token import Grant, IssueToken
from agegate.flows.repeat_signup import RepeatSignup
from agegate.flows.rule_book import RuleBook
from agegate.flows.standing import (
    BLOCKED,
    CONSENT_REQUIRED,
    Standing,
    SubjectView,
    strictest,
    view_of,
    view_standing,
)
from agegate.flows.stick_answer import StickAnswer
from agegate.rules.consent import ADMITTED, SubjectState
from agegate.rules.errors import AgeGateError
from agegate.rules.profile import Profile
from agegate.store import agenda
from agegate.store.records import Service, Subject
from agegate.store.subjects import add_subject, find_subject
from agegate.store.tables import SubjectRow
from agegate.store.transaction import Transaction
from agegate.store.vault import Cell, DataKey, Vault


@dataclass(frozen=True, slots=True)
class Prepared:
    """A signup judged and sealed before it reaches the writer; losing it loses nothing."""

    row: str
    profile: Profile
    standing: Standing
    key: DataKey = field(repr=False)
    sealed_birth_date: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedUp:
    """The answer to a signup."""

    view: SubjectView
    created: bool
    grant: Grant | None = None


@dataclass(frozen=True, slots=True)
class SignUp:
    """`prepare` outside the writer, then the call inside."""

    rules: RuleBook
    vault: Vault
    entropy: Entropy
    sticky: StickAnswer
    repeat: RepeatSignup
    tokens: IssueToken

    def prepare(self, service: Service, form: SignupForm, now: datetime) -> Prepared | AgeGateError:
        """Judges and seals; refuses an assent to another notice than today's."""
        profile = self.rules.profile(service.profile)
        if fault := self.rules.assent_fault(profile, form.assent):
            return fault
        row = new_id(self.entropy, now)
        key = self.vault.new_key(row)
        sealed = self.vault.seal(key, birth_date_cell(row), form.birth_date.iso)
        return Prepared(row, profile, self.rules.judge(profile, form, now), key, sealed)

    def __call__(
        self,
        tx: Transaction,
        service: Service,
        subject: str,
        form: SignupForm,
        ready: Prepared,
        now: datetime,
    ) -> SignedUp:
        """Remembers the answer, or gives the one that was given before."""
        sticky_until = now + ready.profile.retention.sticky
        known = find_subject(tx, service.name, subject)
        if known is not None:
            view = self.repeat(tx, known, form, ready.standing, sticky_until, now)
            return SignedUp(view, created=False, grant=self._token(tx, service, subject, form, now))
        before = self.sticky.earlier(tx, service.name, subject, form, now)
        standing = strictest((*(Standing.stuck(answer) for answer in before), ready.standing))
        if standing.decision in {BLOCKED, CONSENT_REQUIRED}:
            self.sticky(tx, service.name, subject, form, standing, sticky_until, now)
        if standing.decision == BLOCKED:
            return SignedUp(view_standing(subject, standing), created=not before)
        row = self._row(service, subject, form, ready, standing, now)
        add_subject(tx, row)
        if standing.decision == CONSENT_REQUIRED:
            due = now + ready.profile.retention.subject_expiry
            agenda.put(tx, new_id(self.entropy, now), Due.SUBJECT_EXPIRY, ready.row, due)
        held = Subject(**{name: row[name] for name in Subject.__dataclass_fields__})  # type: ignore[arg-type]  # one row's columns
        grant = self.tokens.grant(service, held, form.audience, now) if admits(held) and form.audience else None
        return SignedUp(view_of(held), created=True, grant=grant)

    def _row(
        self,
        service: Service,
        subject: str,
        form: SignupForm,
        ready: Prepared,
        standing: Standing,
        now: datetime,
    ) -> dict[str, object]:
        waits = standing.decision == CONSENT_REQUIRED
        email = self.sticky.digests.address(service.name, form.email) if form.email else None
        return {
            "id": ready.row,
            "service": service.name,
            "subject": subject,
            "state": SubjectState(standing.decision),
            "wrapped_key": ready.key.wrapped,
            "sealed_birth_date": ready.sealed_birth_date,
            "email_digest": email,
            "country": form.places[0].country,
            "region": form.places[0].region,
            "profile": standing.profile,
            "reasons": standing.reasons,
            "decided_on": now.date(),
            "assurance": standing.assurance,
            "assent_needed": standing.assent_needed,
            "assent_sha256": form.assent.notice_sha256 if form.assent else None,
            "assented_at": now if form.assent else None,
            "consent_request": None,
            "created_at": now,
            "expires_at": now + ready.profile.retention.subject_expiry if waits else None,
        }

    def _token(self, tx: Transaction, service: Service, subject: str, form: SignupForm, now: datetime) -> Grant | None:
        held = find_subject(tx, service.name, subject)
        if held is None or form.audience is None or not admits(held):
            return None
        return self.tokens.grant(service, held, form.audience, now)


def admits(subject: Subject) -> bool:
    """Whether a token may be given."""
    return subject.state in ADMITTED


def birth_date_cell(row: str) -> Cell:
    """Where a subject's date of birth is sealed."""
    return Cell(str(SubjectRow.__tablename__), "sealed_birth_date", row)
