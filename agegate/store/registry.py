"""The questions about services, holders, audiences and API keys, in the domain's words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from agegate.store.records import ApiKey, Audience, Holder, Service
from agegate.store.registry_tables import ApiKeyRow, HolderRow, ServiceRow
from agegate.store.token_tables import AudienceRow
from agegate.store.transaction import Transaction, Values, as_values, columns_for, table_of

SERVICES = table_of(ServiceRow)
HOLDERS = table_of(HolderRow)
KEYS = table_of(ApiKeyRow)


@dataclass(frozen=True, slots=True)
class Registry:
    """Everybody who may call us or be called, as of one moment."""

    services: dict[str, Service]
    keys: dict[str, ApiKey]
    holders: dict[tuple[str, str], Holder]
    audiences: dict[tuple[str, str], Audience]

    def holders_of(self, service: str) -> list[Holder]:
        """The holders of a service, by name."""
        return sorted((h for h in self.holders.values() if h.service == service), key=lambda h: h.name)


def read_registry(tx: Transaction) -> Registry:
    """The whole registry; it is small and changes rarely."""
    services = as_values(Service, tx.rows(columns_for(ServiceRow, Service)))
    keys = as_values(ApiKey, tx.rows(columns_for(ApiKeyRow, ApiKey)))
    return Registry(
        {service.name: service for service in services},
        {key.id: key for key in keys},
        {(holder.service, holder.name): holder for holder in _holders(tx)},
        {(each.service, each.name): each for each in as_values(Audience, tx.rows(columns_for(AudienceRow, Audience)))},
    )


def _holders(tx: Transaction) -> list[Holder]:
    return as_values(Holder, tx.rows(columns_for(HolderRow, Holder)))


def holders_of(tx: Transaction, service: str) -> list[Holder]:
    """The holders of a service as this transaction sees them, by name."""
    return sorted((holder for holder in _holders(tx) if holder.service == service), key=lambda holder: holder.name)


def find_service(tx: Transaction, name: str) -> Service | None:
    """The service with that name, or None."""
    found = as_values(Service, tx.rows(columns_for(ServiceRow, Service).where(SERVICES.c.name == name)))
    return found[0] if found else None


def add_service(tx: Transaction, row: Values) -> None:
    """Appends a service."""
    tx.append(ServiceRow, row)


def change_service(tx: Transaction, name: str, values: Values) -> bool:
    """Sets facts of a service; False when there is none of that name."""
    return tx.change(update(SERVICES).where(SERVICES.c.name == name).values(**values)) == 1


def add_holder(tx: Transaction, row: Values) -> None:
    """Appends a holder."""
    tx.append(HolderRow, row)


def aim_holder(tx: Transaction, service: str, name: str, audience: str) -> bool:
    """Lets a holder's orders name subjects as an audience knows them; False when there is no such holder."""
    known = update(HOLDERS).where(HOLDERS.c.service == service, HOLDERS.c.name == name)
    return tx.change(known.values(audience=audience)) == 1


def add_key(tx: Transaction, row: Values) -> None:
    """Appends an API key."""
    tx.append(ApiKeyRow, row)


def has_person(tx: Transaction, service: str, person: str) -> bool:
    """Whether a person has a live key for a service."""
    live = select(KEYS.c.id).where(KEYS.c.service == service, KEYS.c.person == person, KEYS.c.revoked_at.is_(None))
    return bool(tx.rows(live))


def revoke_key(tx: Transaction, key: str, now: datetime) -> str | None:
    """Ends an API key and says whose it was; None when it is unknown or ended already."""
    live = update(KEYS).where(KEYS.c.id == key, KEYS.c.revoked_at.is_(None))
    ended = tx.rows(live.values(revoked_at=now).returning(KEYS.c.service))
    return str(ended[0]["service"]) if ended else None
