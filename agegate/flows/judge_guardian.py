"""Judge whether a guardian may be asked for a subject, and whether an address can be a guardian's at all.

Only what the service itself told us is consulted: whether another service knows a minor by that address is nobody's
business there. Reads only.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.forms import ConsentRequestForm
from agegate.flows.judge_again import JudgeAgain
from agegate.flows.open_case import lacks_only_consent
from agegate.law.civil_day import civil_today
from agegate.law.disposable import is_disposable
from agegate.rules.birth_date import LeapRule, latest_birth
from agegate.rules.consent import SubjectState
from agegate.rules.errors import AgeGateError, ConsentNotNeeded, ControllerIncomplete, Fault, InputRefused
from agegate.rules.place import Place
from agegate.store.consents import live_consents
from agegate.store.digests import Digests
from agegate.store.records import Service, Subject
from agegate.store.sticky import find_noes
from agegate.store.subjects import subjects_at
from agegate.store.transaction import Transaction
from agegate.store.vault import SealBroken

GUARDIAN_REFUSED = "This address cannot be the guardian's. Give the address of a parent or guardian."
DISPOSABLE_REFUSED = "This address is a throw-away one. Give an address that the guardian keeps."
FLAG_DISPOSABLE = "disposable_domain"


@dataclass(frozen=True, slots=True)
class JudgeGuardian:
    """One question to the rules, one to what the service told us about its own subjects."""

    judge: JudgeAgain
    digests: Digests

    def __call__(
        self, tx: Transaction, service: Service, held: Subject, form: ConsentRequestForm, now: datetime
    ) -> AgeGateError | None:
        """Why this guardian cannot be asked for this subject, or None."""
        profile = self.judge.rules.profile(service.profile)
        waits = held.state == SubjectState.CONSENT_REQUIRED or lacks_only_consent(tx, self.digests, held)
        if not waits and not is_outdated(tx, held, profile.policy_version):
            return ConsentNotNeeded()
        if not service.controller_complete:
            return ControllerIncomplete()
        guardian = self.digests.address(service.name, form.guardian_email)
        known_minor = self._is_minors(tx, service, guardian, now)
        if guardian == held.email_digest:
            return _refused("guardian_same_as_child", GUARDIAN_REFUSED)
        if known_minor:
            return _refused("guardian_not_eligible", GUARDIAN_REFUSED)
        if profile.refuse_disposable and is_disposable(form.guardian_email):
            return _refused("disposable_domain", DISPOSABLE_REFUSED)
        return None

    def _is_minors(self, tx: Transaction, service: Service, address: str, now: datetime) -> bool:
        told_no = bool(find_noes(tx, service.name, [address], now))
        return told_no or any(self._is_minor(each, now) for each in subjects_at(tx, service.name, address))

    def _is_minor(self, held: Subject, now: datetime) -> bool:
        if held.state != SubjectState.ALLOWED or held.grown:
            return not held.grown
        try:
            born = self.judge.open(held).birth_date
        except SealBroken:
            return True
        place = Place(held.country, held.region)
        today = max(civil_today(now, place), held.decided_on)
        return born.day > latest_birth(self.judge.rules.law.adult_age(place, today), LeapRule.UNKNOWN, today)


def is_outdated(tx: Transaction, held: Subject, policy_version: str) -> bool:
    """Whether a consented subject's guardian agreed to another version than today's, and nobody yet to this one."""
    if held.state != SubjectState.CONSENTED:
        return False
    return all(request.policy_version != policy_version for request in live_consents(tx, held.id))


def _refused(code: str, detail: str) -> InputRefused:
    return InputRefused(Fault("/guardian_email", code, detail))
