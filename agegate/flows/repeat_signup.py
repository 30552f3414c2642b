"""Take a signup again: an older date changes nothing, a younger one is always taken.

A younger date that turns an admitted subject into a child without consent restricts it and tells the service; it
never purges, since one wrong retry or a shared phone must not destroy an account. A subject that was never admitted
and is now under age is purged at once.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from agegate.flows.forms import SignupForm
from agegate.flows.give_assent import agreed
from agegate.flows.judge_again import birth_date_cell
from agegate.flows.settle_consent import settle_consent
from agegate.flows.settle_standing import SettleStanding
from agegate.flows.standing import ALLOWED, Standing, SubjectView, strictest, view_of, view_standing
from agegate.flows.stick_answer import StickAnswer
from agegate.rules.birth_date import BirthDate
from agegate.rules.consent import ADMITTED, SubjectState
from agegate.rules.profile import Profile
from agegate.store.records import Subject
from agegate.store.subjects import change_subject, subject_by_id
from agegate.store.transaction import Transaction
from agegate.store.vault import Vault


@dataclass(frozen=True, slots=True)
class RepeatSignup:
    """The second and every later signup of a subject that we hold."""

    vault: Vault
    sticky: StickAnswer
    settle: SettleStanding

    def __call__(
        self,
        tx: Transaction,
        known: Subject,
        form: SignupForm,
        standing: Standing,
        today: date,
        profile: Profile,
        now: datetime,
    ) -> SubjectView:
        """The view after it; `standing` is what the date of this signup means today."""
        key = self.vault.open_key(known.id, known.wrapped_key)
        cell = birth_date_cell(known.id)
        if form.birth_date > BirthDate.of_iso(self.vault.open(key, cell, known.sealed_birth_date)):
            sealed = self.vault.seal(key, cell, form.birth_date.iso)
            facts = {"sealed_birth_date": sealed, "grown": False, "decided_on": today}
            self._lower(tx, known, standing, facts, now)
        self._assent(tx, known, form, now)
        held = subject_by_id(tx, known.id)
        if (said := _told(held, standing)).decision != ALLOWED:
            keys = self.sticky.keys(known.service, known.subject, form, known)
            self.sticky.told(tx, keys, said, self.sticky.earlier(tx, keys, now), profile, now)
        return view_of(held) if held is not None else view_standing(known.subject, standing)

    def _lower(
        self, tx: Transaction, known: Subject, standing: Standing, facts: dict[str, object], now: datetime
    ) -> None:
        if known.state in ADMITTED:
            self.settle.admitted(tx, known, standing, facts, now, None)
        elif known.state == SubjectState.RESTRICTED:
            change_subject(tx, known.id, {SubjectState.RESTRICTED}, facts)
        else:
            # What the subject was told before stays, where the younger date asks for less.
            self.settle.waiting(tx, known, strictest((standing, Standing.recorded(known))), facts, now)

    @staticmethod
    def _assent(tx: Transaction, known: Subject, form: SignupForm, now: datetime) -> None:
        if form.assent is None or known.assent_sha256 is not None:
            return
        if change_subject(tx, known.id, {SubjectState.CONSENT_REQUIRED}, agreed(form.assent, now)):
            settle_consent(tx, known.id, now)


def _told(held: Subject | None, standing: Standing) -> Standing:
    """The answer that this signup gets, to be remembered under every name it gave when it is a "no"."""
    if held is None or held.state == SubjectState.RESTRICTED:
        return standing
    if held.state == SubjectState.CONSENT_REQUIRED:
        return strictest((standing, Standing.recorded(held)))
    return replace(standing, decision=ALLOWED)
