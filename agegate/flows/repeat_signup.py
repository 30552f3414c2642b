"""Take a signup again: an older date changes nothing, a younger one is always taken.

A younger date that turns an admitted subject into a child without consent restricts it and tells the service; it
never purges, since one wrong retry or a shared phone must not destroy an account. A subject that was never admitted
and is now under age is purged at once.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from agegate.flows.forms import SignupForm
from agegate.flows.give_assent import agreed
from agegate.flows.judge_again import birth_date_cell, seal_signal, signal_cell
from agegate.flows.settle_standing import SettleStanding
from agegate.flows.standing import ALLOWED, Standing, SubjectView, strictest, view_of, view_standing
from agegate.flows.stick_answer import StickAnswer
from agegate.rules.birth_date import BirthDate
from agegate.rules.consent import ADMITTED, SubjectState
from agegate.rules.profile import Profile
from agegate.rules.purge_causes import Cause
from agegate.rules.report import Basis
from agegate.rules.signals import lowest_cap
from agegate.store.records import Subject
from agegate.store.subjects import change_subject, find_subject_held, subject_by_id
from agegate.store.transaction import Transaction
from agegate.store.vault import DataKey, Vault


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
    ) -> SubjectView | None:
        """The view after it; `standing` is what the date of this signup means today. None: it was purged meanwhile."""
        lower = self._lower_facts(known, form)
        if lower:
            # Against what stands now: somebody else may have told a still younger date since it was looked up.
            if (held := find_subject_held(tx, known.service, known.subject)) is None:
                return None
            known, lower = held, self._lower_facts(held, form)
        if lower:
            cause = Cause.YOUNGER_DATE if "sealed_birth_date" in lower else Cause.SIGNAL
            self.lower(tx, known, standing, {**lower, "grown": False, "decided_on": today}, now, cause)
        elif known.state == SubjectState.RESTRICTED and standing.decision != ALLOWED:
            self.settle.cases.shorten(tx, known.service, known.subject, now, {Basis.YOUNGER_DATE})
        self._assent(tx, known, form, now)
        held = subject_by_id(tx, known.id)
        if held is None and not lower:
            return None
        if (said := _told(held, standing)).decision != ALLOWED:
            keys = self.sticky.keys(known.service, known.subject, form, known)
            self.sticky.told(tx, keys, said, self.sticky.earlier(tx, keys, now), profile, now)
        return view_of(held) if held is not None else view_standing(known.subject, standing)

    def _lower_facts(self, known: Subject, form: SignupForm) -> dict[str, object]:
        """What this signup says that makes the subject younger: its date of birth, or a signal's lower cap."""
        key, facts = self.vault.open_key(known.id, known.wrapped_key), dict[str, object]()
        cell = birth_date_cell(known.id)
        if form.birth_date > BirthDate.of_iso(self.vault.open(key, cell, known.sealed_birth_date)):
            facts["sealed_birth_date"] = self.vault.seal(key, cell, form.birth_date.iso)
        cap = lowest_cap(form.signals)
        if cap is not None and (known.sealed_signal is None or cap[0] < self._cap(key, known)):
            facts["sealed_signal"] = seal_signal(self.vault, key, known.id, form.signals)
        return facts

    def _cap(self, key: DataKey, known: Subject) -> int:
        return int(self.vault.open(key, signal_cell(known.id), known.sealed_signal).partition(" ")[0])

    def lower(
        self, tx: Transaction, known: Subject, standing: Standing, facts: dict[str, object], now: datetime, cause: Cause
    ) -> None:
        """Takes a younger age of somebody whom we hold; `known` is held, and `standing` what that age means."""
        if known.state in ADMITTED and standing.decision == ALLOWED:
            change_subject(tx, known.id, ADMITTED, facts)  # it was as strict before, or stricter
        elif known.state in ADMITTED:
            self.settle.admitted(tx, known, standing, facts, now, cause)
        elif known.state == SubjectState.RESTRICTED:
            self.settle.shut_further(tx, known, now, cause)
            change_subject(tx, known.id, {SubjectState.RESTRICTED}, facts)
        else:
            # What the subject was told before stays, where the younger date asks for less.
            self.settle.waiting(tx, known, strictest((standing, Standing.recorded(known))), facts, now, cause)

    def _assent(self, tx: Transaction, known: Subject, form: SignupForm, now: datetime) -> None:
        if form.assent is None or known.assent_sha256 is not None:
            return
        held = subject_by_id(tx, known.id)
        if held is None or not self.settle.consent.opens(tx, held):
            return
        if change_subject(tx, known.id, {held.state}, agreed(form.assent, now)):
            self.settle.consent(tx, known.id, now)


def _told(held: Subject | None, standing: Standing) -> Standing:
    """The answer that this signup gets, to be remembered under every name it gave when it is a "no"."""
    if held is None or held.state == SubjectState.RESTRICTED:
        return standing
    if held.state == SubjectState.CONSENT_REQUIRED:
        return strictest((standing, Standing.recorded(held)))
    return replace(standing, decision=ALLOWED)
