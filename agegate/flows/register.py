"""Register who calls us and who must delete: services, their keys and their holders. Used by commands only.

A secret is made here, returned once, and kept only as a digest or sealed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from agegate.entropy import Entropy, new_id, opaque
from agegate.flows.due import Due
from agegate.flows.write_audit import About, WriteAudit
from agegate.flows.write_event import webhook_cell
from agegate.flows.write_order import holder_cell
from agegate.rules.audit import COMMAND, Act, of_operator
from agegate.rules.errors import HolderUnknown, NameTaken, ServiceUnknown
from agegate.store import agenda
from agegate.store.digests import Digests
from agegate.store.registry import (
    add_holder,
    add_key,
    add_service,
    change_service,
    find_service,
    holders_of,
    revoke_key,
)
from agegate.store.transaction import Transaction
from agegate.store.vault import Vault

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Controller:
    """Who answers for the data, as guardians are told (GDPR Art. 13(1)(a))."""

    name: str
    postal_address: str
    contact: str


@dataclass(frozen=True, slots=True)
class HolderTerms:
    """What a holder holds, and how long it has to delete it; None is the longest that the law allows."""

    categories: Collection[str] = ()
    due_within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """The registry's verbs."""

    vault: Vault
    digests: Digests
    entropy: Entropy

    @property
    def audit(self) -> WriteAudit:
        """Who may call and who must delete is kept in the audit log."""
        return WriteAudit(self.digests, self.entropy)

    def service(
        self,
        tx: Transaction,
        name: str,
        profile: str,
        controller: Controller | None,
        webhook: tuple[str, str] | None,
        now: datetime,
    ) -> bool:
        """Adds a service, or changes what is given of a known one; True when it is new.

        `webhook` is the address and the secret that signs what is sent there.
        """
        facts: dict[str, object] = {"profile": profile}
        if controller is not None:
            facts |= {
                "controller_name": controller.name,
                "controller_address": controller.postal_address,
                "controller_contact": controller.contact,
            }
        if webhook is not None:
            sealed = self.vault.seal(self.vault.own, webhook_cell(name), webhook[1])
            facts |= {"webhook_url": webhook[0], "sealed_webhook_secret": sealed}
        known = find_service(tx, name)
        if change_service(tx, name, facts):
            if known is not None and known.profile != profile:
                agenda.put(tx, new_id(self.entropy, now), Due.RULES, name, now)
            self.audit(tx, Act.SERVICE_CHANGED, About(name), now, actor=COMMAND, facts={"changed": sorted(facts)})
            return False
        self.audit(tx, Act.SERVICE_REGISTERED, About(name), now, actor=COMMAND, facts={"profile": profile})
        add_service(tx, EMPTY_SERVICE | facts | {"name": name, "created_at": now})
        return True

    def key(
        self, tx: Transaction, service: str, scopes: Collection[str], holder: str | None, now: datetime
    ) -> str | ServiceUnknown | HolderUnknown:
        """A new API key in full, to be shown once: `ag_<id>_<secret>`."""
        if find_service(tx, service) is None:
            return ServiceUnknown()
        if holder is not None and holder not in {known.name for known in holders_of(tx, service)}:
            return HolderUnknown()
        return self._add_key(tx, service, now, scopes=sorted(scopes), holder=holder)

    def operator(self, tx: Transaction, person: str, service: str, now: datetime) -> str | ServiceUnknown:
        """A person's own key for one service, in full, to be shown once; what it does is done in that name."""
        if find_service(tx, service) is None:
            return ServiceUnknown()
        return self._add_key(tx, service, now, scopes=["operator"], person=person)

    def _add_key(
        self,
        tx: Transaction,
        service: str,
        now: datetime,
        *,
        scopes: list[str],
        holder: str | None = None,
        person: str | None = None,
    ) -> str:
        row, secret = new_id(self.entropy, now), opaque(self.entropy, SECRET_BYTES)
        add_key(
            tx,
            {
                "id": row,
                "service": service,
                "holder": holder,
                "person": person,
                "scopes": scopes,
                "secret_digest": self.digests.api_key(secret),
                "created_at": now,
                "revoked_at": None,
            },
        )
        act = Act.OPERATOR_ADDED if person else Act.API_KEY_ADDED
        facts: dict[str, object] = {"scopes": [*scopes], "holder": holder, "person": person}
        self.audit(tx, act, About(service, ref=row), now, actor=COMMAND, facts=facts)
        return f"ag_{row}_{secret}"

    def revoke_key(self, tx: Transaction, key: str, person: str, now: datetime) -> str | None:
        """Ends a key at once and for good; the service it was of, or None when it is unknown or ended already."""
        service = revoke_key(tx, key, now)
        if service is not None:
            self.audit(tx, Act.API_KEY_REVOKED, About(service, ref=key), now, actor=of_operator(person))
        return service

    def holder(
        self,
        tx: Transaction,
        service: str,
        name: str,
        url: str,
        secret: str,
        terms: HolderTerms,
        now: datetime,
    ) -> ServiceUnknown | NameTaken | None:
        """Adds a holder, whose webhook calls are signed with that secret; without an address it fetches its orders."""
        if find_service(tx, service) is None:
            return ServiceUnknown()
        if name in {known.name for known in holders_of(tx, service)}:
            return NameTaken()
        row = new_id(self.entropy, now)
        add_holder(
            tx,
            {
                "id": row,
                "service": service,
                "name": name,
                "url": url,
                "sealed_secret": self.vault.seal(self.vault.own, holder_cell(row), secret),
                "categories": sorted(terms.categories),
                "due_within_seconds": int(terms.due_within.total_seconds()) if terms.due_within else None,
                "created_at": now,
            },
        )
        about = About(service, ref=name)
        self.audit(tx, Act.HOLDER_REGISTERED, about, now, actor=COMMAND, facts={"categories": sorted(terms.categories)})
        return None


EMPTY_SERVICE: dict[str, object] = {
    "controller_name": None,
    "controller_address": None,
    "controller_contact": None,
    "webhook_url": None,
    "sealed_webhook_secret": None,
}
