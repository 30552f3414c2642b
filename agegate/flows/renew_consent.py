"""Ask a consented subject's guardian again when the service has a newer policy version.

Until guardian and minor have agreed to it the older scope holds; where the profile says otherwise the subject is
shut at once and waits. Silence to the newer terms changes nothing by itself.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.forms import ConsentRequestForm
from agegate.flows.give_assent import NOT_AGREED
from agegate.flows.judge_guardian import is_outdated
from agegate.flows.request_consent import RequestConsent, child_name_cell, guardian_cell
from agegate.flows.settle_standing import SettleStanding
from agegate.rules.consent import ADMITTED
from agegate.rules.profile import Profile
from agegate.store.consents import count_open, live_consents
from agegate.store.records import ConsentRequest, Service, Subject
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction
from agegate.store.vault import SealBroken


@dataclass(frozen=True, slots=True)
class RenewConsent:
    """Asked again once for each policy version, at the address of the consent that lives."""

    request: RequestConsent
    settle: SettleStanding

    def __call__(self, tx: Transaction, service: Service, row: str, profile: Profile, now: datetime) -> bool:
        """Whether there was somebody to ask."""
        held = subject_by_id(tx, row)
        if held is None or not is_outdated(tx, held, profile.policy_version) or count_open(tx, held.id):
            return False
        form = self._form(held, live_consents(tx, held.id)[0])
        if form is not None and service.controller_complete:
            self.request.ask(tx, service, held, form, now)
        if not profile.old_scope_holds:
            self.settle.ask(tx, held, NOT_AGREED, now, now + profile.retention.contest, ADMITTED)
        return form is not None

    def _form(self, held: Subject, live: ConsentRequest) -> ConsentRequestForm | None:
        vault = self.request.vault
        try:
            key = vault.open_key(held.id, held.wrapped_key)
            address = vault.open(key, guardian_cell(live.id), live.sealed_guardian)
            name = live.sealed_child_name and vault.open(key, child_name_cell(live.id), live.sealed_child_name)
        except SealBroken:
            return None
        return ConsentRequestForm(address, live.locale, name)
