"""Sign somebody up: decide, and keep only what the decision allows to keep.

Allowed: the subject, its date of birth sealed. Consent required: the same, and the time to find a guardian on the
agenda. Blocked: nothing but keyed digests that repeat the answer for a while. A repeat is `repeat_signup.py`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.flows.forms import SignupForm
from agegate.flows.give_assent import NOT_AGREED, agreed
from agegate.flows.issue_token import Grant, IssueToken
from agegate.flows.judge_again import Opened, birth_date_cell, corrected_cell, seal_signal, sealed_signals
from agegate.flows.meet_signups import MeetSignups
from agegate.flows.repeat_signup import RepeatSignup
from agegate.flows.rule_book import RuleBook
from agegate.flows.standing import (
    ALLOWED,
    BLOCKED,
    CONSENT_REQUIRED,
    Standing,
    SubjectView,
    strictest,
    view_of,
    view_standing,
)
from agegate.flows.stick_answer import Keys
from agegate.flows.write_audit import About, WriteAudit
from agegate.law.civil_day import civil_today
from agegate.rules.audit import Act, of_service
from agegate.rules.birth_date import BirthDate
from agegate.rules.consent import ADMITTED, SubjectState
from agegate.rules.errors import AgeGateError
from agegate.rules.place import Place
from agegate.rules.profile import Profile
from agegate.store import agenda
from agegate.store.lookahead import Lookup
from agegate.store.records import Audience, Service, StickyAnswer, Subject
from agegate.store.sticky import KeyKind
from agegate.store.subjects import add_subject, find_subject, find_subject_held, subject_lookup, subject_of
from agegate.store.transaction import Transaction
from agegate.store.vault import DataKey, Vault


class Judgement(NamedTuple):
    """What the rules say to a form, and the day on which they say it."""

    standing: Standing
    today: date


class Prepared(NamedTuple):
    """A signup judged and sealed before it reaches the writer; losing it loses nothing."""

    row: str
    profile: Profile
    standing: Standing
    today: date
    grown: bool
    keys: Keys
    key: DataKey
    sealed_birth_date: str
    sealed_signal: str | None

    def __repr__(self) -> str:
        return f"Prepared({self.row})"


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
    repeat: RepeatSignup
    meeting: MeetSignups
    tokens: IssueToken
    audit: WriteAudit

    def prepare(self, service: Service, subject: str, form: SignupForm, now: datetime) -> Prepared | AgeGateError:
        """Judges and seals; refuses an assent to another notice than today's."""
        profile = self.rules.profile(service.profile)
        if fault := self.rules.assent_fault(profile, form.assent):
            return fault
        keys = self.repeat.sticky.keys(service.name, subject, form)
        return self.seal(keys, profile, form, self.judge(profile, form, now), now)

    def judge(self, profile: Profile, form: SignupForm, now: datetime) -> Judgement:
        """What the rules say; nothing is sealed or kept."""
        days = [civil_today(now, place, form.time_zone) for place in form.places]
        return Judgement(self.rules.judge_on(profile, form.birth_date, form.places, days, form.signals), min(days))

    def seal(self, keys: Keys, profile: Profile, form: SignupForm, judged: Judgement, now: datetime) -> Prepared:
        """Seals what somebody who was judged told, under a key of its own."""
        row = new_id(self.entropy, now)
        key = self.vault.new_key(row)
        allowed = judged.standing.decision == ALLOWED
        return Prepared(
            row=row,
            profile=profile,
            standing=judged.standing,
            today=judged.today,
            grown=allowed and not form.signals and self.rules.is_grown(form.birth_date, judged.today),
            keys=keys,
            key=key,
            sealed_birth_date=self.vault.seal(key, birth_date_cell(row), form.birth_date.iso),
            sealed_signal=seal_signal(self.vault, key, row, form.signals),
        )

    def looks_for(self, service: Service, subject: str, ready: Prepared) -> list[Lookup]:
        """The rows that the call will ask for."""
        return [subject_lookup(service.name, subject), *self.repeat.sticky.looks_for(ready.keys)]

    def __call__(
        self,
        tx: Transaction,
        service: Service,
        subject: str,
        form: SignupForm,
        ready: Prepared,
        audience: Audience | None,
        now: datetime,
    ) -> SignedUp:
        """Remembers the answer, or gives the one that was given before. A token for `audience`, if it may be given."""
        known = find_subject(tx, service.name, subject)
        if known is not None:
            view = self.repeat(tx, known, form, ready.standing, ready.today, ready.profile, now)
            if view is not None:
                return SignedUp(view, created=False, grant=self._token(tx, service, subject, audience, now))
            tx.ahead.clear()  # what was looked up is older than the purge, and than the "no" that it may have left
        keys = ready.keys
        before = self.repeat.sticky.earlier(tx, keys, now)
        if before and before[0].kind == KeyKind.CORRECTED:
            form, before = self.as_corrected(form, before[0]), []
            ready = self.seal(keys, ready.profile, form, self.judge(ready.profile, form, now), now)
        standing = strictest((ready.standing, *map(Standing.stuck, before))) if before else ready.standing
        if standing.decision != ALLOWED:
            self.repeat.sticky.told(tx, keys, ready.standing, before, ready.profile, now)
        if standing.decision == BLOCKED:
            if not before:
                self._keep(tx, service, standing, None, now)
            told = form, standing, ready.today, ready.profile, now
            self.meeting.after_no(tx, keys, subject, lambda later, held: self.repeat(later, held, *told))
            return SignedUp(view_standing(subject, standing), created=not before)
        self._keep(tx, service, standing, ready.row, now)
        self.meeting.after_yes(tx, keys, subject, standing, now)
        row = self.row(keys, subject, form, ready, standing, now)
        return self._remember(tx, service, row, form, ready, audience, now)

    def _keep(self, tx: Transaction, service: Service, standing: Standing, life: str | None, now: datetime) -> None:
        """In the audit log; of a blocked child without anything that could tie it to somebody."""
        rules: list[object] = [rule for rule, _ in standing.reasons]
        facts = {"decision": standing.decision, "profile": standing.profile, "rules": rules}
        about = About(service.name, life)
        self.audit(tx, Act.SIGNUP_DECIDED, about, now, actor=of_service(service.name), facts=facts)

    def _remember(
        self,
        tx: Transaction,
        service: Service,
        row: dict[str, object],
        form: SignupForm,
        ready: Prepared,
        audience: Audience | None,
        now: datetime,
    ) -> SignedUp:
        add_subject(tx, row)
        held = subject_of(row)
        if held.expires_at is not None:
            agenda.put(tx, new_id(self.entropy, now), Due.SUBJECT_EXPIRY, held.id, held.expires_at)
        if audience is None or not admits(held):
            return SignedUp(view_of(held), created=True)
        opened = Opened(ready.key, form.birth_date, sealed_signals(form.signals), ready.grown)
        return SignedUp(view_of(held), True, self.tokens.grant(tx, service, held, audience, now, opened))

    def row(
        self,
        keys: Keys,
        subject: str,
        form: SignupForm,
        ready: Prepared,
        standing: Standing,
        now: datetime,
    ) -> dict[str, object]:
        waits = standing.decision == CONSENT_REQUIRED
        known = dict(keys.others)
        return {
            "id": ready.row,
            "service": keys.service,
            "subject": subject,
            "state": SubjectState(standing.decision),
            "wrapped_key": ready.key.wrapped,
            "sealed_birth_date": ready.sealed_birth_date,
            "sealed_signal": ready.sealed_signal,
            "email_digest": known.get(KeyKind.ADDRESS),
            "device_digest": known.get(KeyKind.DEVICE) if waits else None,
            "profile": standing.profile,
            "reasons": standing.reasons,
            "decided_on": ready.today,
            "assurance": standing.assurance,
            "assent_needed": standing.assent_needed,
            "created_at": now,
            "expires_at": now + ready.profile.retention.subject_expiry if waits else None,
            "admitted_at": None if waits else now,
            "grown": ready.grown and not waits,
            "stuck": standing is not ready.standing and standing.weight > ready.standing.weight,
            **_places(form.places),
            **(agreed(form.assent, now) if form.assent else NOT_AGREED),
        }

    def as_corrected(self, form: SignupForm, answer: StickyAnswer) -> SignupForm:
        """The form with the corrected date of birth that waited for it, or its own if that is younger."""
        key = self.vault.open_key(answer.id, answer.wrapped_key)
        corrected = BirthDate.of_iso(self.vault.open(key, corrected_cell(answer.id), answer.sealed_birth_date))
        return form._replace(birth_date=max(form.birth_date, corrected))

    def _token(
        self, tx: Transaction, service: Service, subject: str, audience: Audience | None, now: datetime
    ) -> Grant | None:
        held = find_subject_held(tx, service.name, subject) if audience else None
        return self.tokens.grant(tx, service, held, audience, now) if held and audience and admits(held) else None


def _places(places: tuple[Place, ...]) -> dict[str, object]:
    hint = places[1] if len(places) > 1 else None
    return {
        "country": places[0].country,
        "region": places[0].region,
        "hint_country": hint.country if hint else None,
        "hint_region": hint.region if hint else None,
    }


def admits(subject: Subject) -> bool:
    """Whether a token may be given."""
    return subject.state in ADMITTED
