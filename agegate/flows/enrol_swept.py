"""Enrol a batch of existing accounts that a file names, in one transaction with the file's position.

Allowed: enrolled, so that tokens can be had. A minor waits for a guardian, who is asked in turn where the file names
one. Under age: restricted, since it was only found. A consent from elsewhere is noted as claimed and admits nobody.
Whom we hold already stays as it is; a younger date is taken as at a repeated signup.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agegate.entropy import new_id
from agegate.flows.announce import EventType
from agegate.flows.ask_swept_guardian import swept_guardian_cell
from agegate.flows.due import Due
from agegate.flows.forms import SignupForm
from agegate.flows.judge_again import birth_date_cell
from agegate.flows.open_case import Claim
from agegate.flows.sign_up import Judgement, Prepared, SignUp
from agegate.flows.standing import ALLOWED, BLOCKED, CONSENT_REQUIRED, Standing, strictest
from agegate.flows.write_audit import About
from agegate.rules.audit import COMMAND, Act
from agegate.rules.birth_date import BirthDate
from agegate.rules.consent import SubjectState
from agegate.rules.report import Basis
from agegate.store import agenda
from agegate.store.consents import requests_of
from agegate.store.records import Service, StickyAnswer, Subject
from agegate.store.reports import contested_among
from agegate.store.sticky import KeyKind, fetch_sticky, stick_new
from agegate.store.subjects import add_subject, fetch_subjects, subject_of
from agegate.store.sweeps import add_swept, purged_at, swept_of
from agegate.store.transaction import Transaction
from agegate.store.unheld import hold_all_names


@dataclass(frozen=True, slots=True)
class SweptAccount:
    """An account of the file, judged and sealed before it reaches the writer."""

    subject: str
    form: SignupForm = field(repr=False)
    ready: Prepared = field(repr=False)
    guardian: str | None = field(default=None, repr=False)
    locale: str | None = None
    created_at: datetime | None = None
    claimed: bool = False
    claimed_at: datetime | None = None
    claim_reference: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Pace:
    """When the last question of this sweep is to be asked, and how long after it the next one."""

    until: datetime
    every: timedelta

    def next(self, now: datetime) -> "Pace":
        """The next turn; time in which nothing was asked is not caught up."""
        return replace(self, until=max(self.until, now) + self.every)


@dataclass(slots=True)
class _Batch:
    """What one transaction found and did so far."""

    tx: Transaction
    service: Service
    now: datetime
    actor: str
    pace: Pace
    known: dict[tuple[str, str], list[object]]
    sticky: dict[tuple[str, str], list[object]]
    purged: dict[str, datetime]
    counts: Counter[str] = field(default_factory=Counter)
    shut: list[Subject] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EnrolSwept:
    """`prepare` outside the writer, then the call inside."""

    sign_up: SignUp

    def judge(self, service: Service, form: SignupForm, now: datetime) -> Judgement:
        """What a signup would be told: the same for all of a place who were born between two days of its plan."""
        return self.sign_up.judge(self.sign_up.rules.profile(service.profile), form, now)

    def prepare(self, service: Service, subject: str, form: SignupForm, judged: Judgement, now: datetime) -> Prepared:
        """Seals, as a signup would."""
        keys = self.sign_up.repeat.sticky.keys(service.name, subject, form)
        return self.sign_up.seal(keys, self.sign_up.rules.profile(service.profile), form, judged, now)

    def __call__(
        self,
        tx: Transaction,
        service: Service,
        accounts: Sequence[SweptAccount],
        pace: Pace,
        now: datetime,
        actor: str = COMMAND,
    ) -> tuple[Counter[str], Pace]:
        """What became of them, by name, and the pace after them."""
        hold_all_names(tx, service.name)
        owners = [account.ready.keys.owner for account in accounts]
        batch = _Batch(
            tx,
            service,
            now,
            actor,
            pace,
            fetch_subjects(tx.connection, [(service.name, account.subject) for account in accounts]),
            fetch_sticky(tx.connection, [(service.name, owner) for owner in owners]),
            purged_at(tx, service.name, owners),
        )
        for account in accounts:
            batch.counts[self._one(batch, account)] += 1
        named = self.sign_up.repeat.sticky.digests.subject
        contested = contested_among(tx, service.name, [named(service.name, held.subject) for held in batch.shut])
        for held in batch.shut:
            self._tell(batch, held, contested)
        return batch.counts, batch.pace

    def _one(self, batch: _Batch, account: SweptAccount) -> str:
        held = batch.known.get((batch.service.name, account.subject))
        if held and isinstance(held[0], Subject):
            return self._held(batch, held[0], account)
        purged = batch.purged.get(account.ready.keys.owner)
        if purged is not None and (account.created_at is None or account.created_at <= purged):
            # The file still names an account that was to be deleted; enrolling it would undo the purge.
            return "purged_before"
        own = batch.sticky.get((batch.service.name, account.ready.keys.owner), [])
        told = [answer for answer in own if isinstance(answer, StickyAnswer) and answer.expires_at > batch.now]
        if corrected := [answer for answer in told if answer.kind == KeyKind.CORRECTED]:
            form, told = self.sign_up.as_corrected(account.form, corrected[0]), []
            judged = self.judge(batch.service, form, batch.now)
            ready = self.prepare(batch.service, account.subject, form, judged, batch.now)
            account = replace(account, form=form, ready=ready)
        # Only what this very account was told: families share addresses, and an old account is no second try.
        told = [answer for answer in told if answer.owner == account.ready.keys.owner]
        standing = account.ready.standing
        if told:
            standing = strictest((standing, *(Standing.stuck(answer) for answer in told)))
        return self._enrol(batch, account, standing, remembered=bool(own))

    def _tell(self, batch: _Batch, held: Subject, contested: Collection[str]) -> None:
        """Opens the case that a restricted account may contest, and tells the service."""
        settle, service = self.sign_up.repeat.settle, batch.service
        claim = Claim(Basis.SWEEP, held.subject, restricts=True, contested=contested)
        case = settle.cases(batch.tx, service, claim, held, batch.now)
        kind = EventType.SUBJECT_RESTRICTED
        settle.announce(batch.tx, service, kind, batch.now, subject_id=held.id, report_id=case)

    def _held(self, batch: _Batch, held: Subject, account: SweptAccount) -> str:
        vault, ready = self.sign_up.vault, account.ready
        key = vault.open_key(held.id, held.wrapped_key)
        known = BirthDate.of_iso(vault.open(key, birth_date_cell(held.id), held.sealed_birth_date))
        if account.form.birth_date > known:
            self.sign_up.repeat(batch.tx, held, account.form, ready.standing, ready.today, ready.profile, batch.now)
            return "known_younger"
        if account.guardian is not None and held.state == SubjectState.CONSENT_REQUIRED:
            unasked = swept_of(batch.tx, held.id) is None and not requests_of(batch.tx, held.id)
            if unasked:
                self._keep_words(batch, held.id, replace(account, ready=ready._replace(key=key)), asks=True)
        return "known"

    def _enrol(self, batch: _Batch, account: SweptAccount, standing: Standing, *, remembered: bool) -> str:
        tx, now, ready, blocked = batch.tx, batch.now, account.ready, standing.decision == BLOCKED
        shut = replace(standing, decision=SubjectState.RESTRICTED) if blocked else standing
        row = self.sign_up.row(ready.keys, account.subject, account.form, ready, shut, now)
        # The account was let in before we were asked: silence restricts it, and nothing that is only found purges it.
        row |= {"admitted_at": now, "grown": ready.grown and standing.decision == ALLOWED}
        asks = standing.decision == CONSENT_REQUIRED and account.guardian is not None
        if standing.decision == CONSENT_REQUIRED:
            turn = batch.pace.next(now).until if asks else now
            ends = turn + ready.profile.retention.subject_expiry
            row["expires_at"] = ends
            agenda.put_new(tx, new_id(self.sign_up.entropy, now), Due.SUBJECT_EXPIRY, ready.row, ends)
        add_subject(tx, row)
        facts = {"decision": standing.decision, "profile": standing.profile, "rules": [r for r, _ in standing.reasons]}
        about = About(batch.service.name, ready.row)
        self.sign_up.audit(tx, Act.ACCOUNT_SWEPT, about, now, actor=batch.actor, facts=facts)
        if asks or account.claimed:
            self._keep_words(batch, ready.row, account, asks=asks)
        if standing.decision == ALLOWED:
            return "enrolled"
        self._stick(batch, account, standing, remembered=remembered)
        if blocked:
            batch.shut.append(subject_of(row))
            return "restricted"
        return "waiting"

    def _keep_words(self, batch: _Batch, subject: str, account: SweptAccount, *, asks: bool) -> None:
        """What the file claims, and the guardian's address until it is the question's turn."""
        vault, reference, guardian = self.sign_up.vault, account.claim_reference, account.guardian
        asked = guardian if asks else None
        cell = swept_guardian_cell(subject)
        add_swept(
            batch.tx,
            {
                "subject_id": subject,
                "claimed_at": account.claimed_at,
                "claim_reference_digest": self._reference(batch, reference) if reference else None,
                "sealed_guardian": None if asked is None else vault.seal(account.ready.key, cell, asked),
                "locale": account.locale,
                "asked_at": None,
            },
        )
        if asked is not None:
            batch.pace = batch.pace.next(batch.now)
            row = new_id(self.sign_up.entropy, batch.now)
            agenda.put_new(batch.tx, row, Due.SWEPT_QUESTION, subject, batch.pace.until)
            batch.counts["questions"] += 1

    def _reference(self, batch: _Batch, reference: str) -> str:
        return self.sign_up.repeat.sticky.digests.reference("claim", batch.service.name, reference)

    def _stick(self, batch: _Batch, account: SweptAccount, standing: Standing, *, remembered: bool) -> None:
        """A child that is found does not come back at once as somebody older, by the same address either."""
        sticky, ready, now = self.sign_up.repeat.sticky, account.ready, batch.now
        if remembered:
            sticky.told(batch.tx, ready.keys, standing, [], ready.profile, now)
            return
        until = now + ready.profile.retention.sticky
        for kind, digest in ready.keys:
            row = {"id": new_id(sticky.entropy, now), "service": batch.service.name, "kind": kind, "digest": digest}
            known = {"owner": ready.keys.owner, "expires_at": until}
            stick_new(batch.tx, row | known | standing.columns)
