"""Take a signup again: an older date changes nothing, a younger one is always taken.

A younger date that turns an admitted subject into a child without consent restricts it and tells the service; it
never purges, since one wrong retry or a shared phone must not destroy an account. A subject that was never admitted
and is now under age is purged at once.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.announce import Announce, EventType
from agegate.flows.forms import SignupForm
from agegate.flows.order_purge import OrderPurge
from agegate.flows.settle_consent import settle_consent
from agegate.flows.standing import ALLOWED, BLOCKED, Standing, SubjectView, view_of, view_standing
from agegate.flows.stick_answer import StickAnswer
from agegate.rules.assurance import Assurance
from agegate.rules.birth_date import BirthDate
from agegate.rules.consent import ADMITTED, SubjectState
from agegate.rules.purge import PurgeReason
from agegate.store.records import Subject
from agegate.store.subjects import change_subject, subject_by_id
from agegate.store.transaction import Transaction
from agegate.store.vault import Cell, Vault


@dataclass(frozen=True, slots=True)
class RepeatSignup:
    """The second and every later signup of a subject that we hold."""

    vault: Vault
    sticky: StickAnswer
    purge: OrderPurge
    announce: Announce

    def __call__(
        self,
        tx: Transaction,
        known: Subject,
        form: SignupForm,
        standing: Standing,
        sticky_until: datetime,
        now: datetime,
    ) -> SubjectView:
        """The view after it; `standing` is what the date of this signup means today."""
        if known.state == SubjectState.RESTRICTED:
            return view_of(known)
        key = self.vault.open_key(known.id, known.wrapped_key)
        cell = Cell("subjects", "sealed_birth_date", known.id)
        younger = form.birth_date > BirthDate.of_iso(self.vault.open(key, cell, known.sealed_birth_date))
        if younger:
            if known.state == SubjectState.CONSENT_REQUIRED and standing.decision == BLOCKED:
                self.purge(tx, known.service, known.subject, PurgeReason.UNDER_AGE, now)
                self.sticky(tx, known.service, known.subject, form, standing, sticky_until, now)
                return view_standing(known.subject, standing)
            values: dict[str, object] = {"sealed_birth_date": self.vault.seal(key, cell, form.birth_date.iso)}
            self._lower(tx, known, standing, values, now)
        self._assent(tx, known, form, now)
        return view_of(subject_by_id(tx, known.id) or known)

    def _lower(
        self, tx: Transaction, known: Subject, standing: Standing, values: dict[str, object], now: datetime
    ) -> None:
        if known.state in ADMITTED and not covers(known, standing):
            values |= {"state": SubjectState.RESTRICTED, "reasons": standing.reasons}
            if change_subject(tx, known.id, ADMITTED, values):
                self.announce(tx, known.service, EventType.SUBJECT_RESTRICTED, now, subject_id=known.id)
            return
        if known.state == SubjectState.CONSENT_REQUIRED and standing.decision != ALLOWED:
            values |= {
                "assurance": standing.assurance,
                "assent_needed": standing.assent_needed,
                "reasons": standing.reasons,
                "profile": standing.profile,
            }
        change_subject(tx, known.id, {known.state}, values)

    @staticmethod
    def _assent(tx: Transaction, known: Subject, form: SignupForm, now: datetime) -> None:
        if form.assent is None or known.assent_sha256 is not None:
            return
        agreed = {"assent_sha256": form.assent.notice_sha256, "assented_at": now}
        if change_subject(tx, known.id, {SubjectState.CONSENT_REQUIRED}, agreed):
            settle_consent(tx, known.id)


def covers(known: Subject, standing: Standing) -> bool:
    """Whether what admitted the subject still suffices for what its date of birth now means."""
    if standing.decision == ALLOWED:
        return True
    if standing.decision == BLOCKED or known.state != SubjectState.CONSENTED:
        return False
    needed, given = standing.assurance, known.assurance
    return needed is not None and given is not None and Assurance(needed) <= Assurance(given)
