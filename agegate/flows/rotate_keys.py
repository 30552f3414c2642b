"""Rotate the signing key, in two steps: the next one is published at once, and signs once its lead is over.

Also revoke one: out of the JWKS and of the archive at once, its private half destroyed, its successor signing. Keys
that no longer sign lose their private half too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from agegate.clock import rfc3339
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act, of_operator
from agegate.signing.key_states import SHORTEST_LEAD, USUAL_LEAD, KeyState, standings
from agegate.signing.keys import SigningKey
from agegate.signing.public_keys import MOST_KEYS
from agegate.store.key_book import KeyBook
from agegate.store.own_keys import sealed_row
from agegate.store.signing_keys import (
    KeptKey,
    add_signing_key,
    begin_now,
    destroy_private_half,
    revoke_signing_key,
    signing_keys,
    signing_keys_held,
)
from agegate.store.transaction import Transaction
from agegate.store.vault import Vault

DAY = timedelta(days=1)


class KeyRefusal(StrEnum):
    """Why no key was made or ended, as a sentence for whoever asked."""

    NEXT_WAITING = "the next key is published already and waits for its time. See: agegate keys list"
    TOO_MANY = "too many keys are published at the moment for verifiers to take another. Try again in half an hour."
    UNKNOWN = "there is no key of that name. See: agegate keys list"
    REVOKED_BEFORE = "that key was revoked before."


@dataclass(frozen=True, slots=True)
class Rotated:
    """The key that comes next, and from when it signs."""

    kid: str
    active_from: datetime


@dataclass(frozen=True, slots=True)
class RotateKeys:
    """Makes the next key. Two processes that do so at once make one: the generation is unique."""

    vault: Vault
    audit: WriteAudit

    def __call__(self, tx: Transaction, lead: timedelta, now: datetime) -> Rotated | KeyRefusal:
        """The next key; refused while one is waiting, or while a JWKS would grow past what verifiers take."""
        known = signing_keys(tx)
        stands = standings((key.dates for key in known), now)
        if any(standing.state is KeyState.NEXT for standing in stands.values()):
            return KeyRefusal.NEXT_WAITING
        if sum(standing.is_published(now) for standing in stands.values()) >= MOST_KEYS:
            return KeyRefusal.TOO_MANY
        return self.add(tx, known, now, now + max(lead, SHORTEST_LEAD))

    def when_due(self, tx: Transaction, age: timedelta, lead: timedelta, now: datetime) -> Rotated | None:
        """The same once the newest key is so old that its successor, after the lead, comes on its day."""
        known = signing_keys(tx)
        newest = next((key for key in known if key.dates.ever_signs), None)
        if newest is None or now < newest.dates.active_from + age - lead:
            return None
        made = self(tx, lead, now)
        return made if isinstance(made, Rotated) else None

    def add(self, tx: Transaction, known: list[KeptKey], now: datetime, active_from: datetime) -> Rotated:
        """A further generation."""
        fresh = SigningKey.generate()
        generation = max((key.dates.generation for key in known), default=0) + 1
        add_signing_key(tx, sealed_row(self.vault, fresh, generation, now, active_from))
        self.audit(tx, Act.SIGNING_KEY_ADDED, About(ref=fresh.kid), now, facts={"active_from": rfc3339(active_from)})
        return Rotated(fresh.kid, active_from)


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """Ends a key at once; everything it signed counts no more."""

    rotate: RotateKeys

    def __call__(self, tx: Transaction, kid: str, person: str, now: datetime) -> Rotated | KeyRefusal | None:
        """Who signs instead, if it was the active one: the next key, its lead cut short, or a new one."""
        known = signing_keys_held(tx)
        revoked = next((key for key in known if key.kid == kid), None)
        if revoked is None:
            return KeyRefusal.UNKNOWN
        stands = standings((key.dates for key in known), now)
        if not revoke_signing_key(tx, kid, now):
            return KeyRefusal.REVOKED_BEFORE
        self.rotate.audit(tx, Act.SIGNING_KEY_REVOKED, About(ref=kid), now, actor=of_operator(person))
        if stands[kid].state is not KeyState.ACTIVE:
            return None
        waiting = next((key.kid for key in known if stands[key.kid].state is KeyState.NEXT), None)
        if waiting is None:
            return self.rotate.add(tx, known, now, now)
        begin_now(tx, waiting, now)
        return Rotated(waiting, now)


@dataclass(frozen=True, slots=True)
class KeepKeys:
    """Looks after the keys by itself: rotates them when they are `age` old, destroys what no longer signs."""

    rotate: RotateKeys
    keys: KeyBook
    age: timedelta

    def __call__(self, tx: Transaction, *, now: datetime) -> Rotated | None:
        """The next key, if it was time for one."""
        made = self.rotate.when_due(tx, self.age, USUAL_LEAD, now)
        keys = self.keys.read(tx)
        stands = keys.standings_at(now)
        for key in keys.keys:
            retired_at = stands[key.dates.kid].retired_at
            if key.signing is not None and retired_at is not None and retired_at + DAY <= now:
                destroy_private_half(tx, key.dates.kid, key.public_jwk)
        return made
