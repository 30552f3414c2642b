"""The questions about signing keys, in the domain's words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import RowMapping, select, update

from agegate.signing.key_states import KeyDates
from agegate.store.registry_tables import SigningKeyRow
from agegate.store.transaction import Transaction, Values, table_of

KEYS = table_of(SigningKeyRow)
_ALL = select(KEYS).order_by(KEYS.c.generation.desc())
_ALL_HELD = _ALL.with_for_update()


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A signing key as it is kept: its dates, and what is left of it."""

    dates: KeyDates
    public_jwk: dict[str, str] | None
    sealed_pem: str | None = field(repr=False)

    @property
    def kid(self) -> str:
        """Its name, the thumbprint."""
        return self.dates.kid


def signing_keys(tx: Transaction) -> list[KeptKey]:
    """Every signing key there ever was, the newest generation first."""
    return _kept(tx.rows_unflushed(_ALL, {}))


def signing_keys_held(tx: Transaction) -> list[KeptKey]:
    """The same, held until the commit: of two persons who end keys at once, the second sees what the first did."""
    return _kept(tx.rows_unflushed(_ALL_HELD, {}))


def add_signing_key(tx: Transaction, row: Values) -> None:
    """Appends a signing key and writes it at once: a second one of that generation fails here."""
    tx.append(SigningKeyRow, row)
    tx.flush()


def begin_now(tx: Transaction, kid: str, now: datetime) -> None:
    """Lets a key that was to become active later do so now."""
    tx.change(update(KEYS).where(KEYS.c.kid == kid, KEYS.c.active_from > now).values(active_from=now))


def revoke_signing_key(tx: Transaction, kid: str, now: datetime) -> bool:
    """Ends a key and destroys its private half; False when that was done before, or there is none."""
    live = update(KEYS).where(KEYS.c.kid == kid, KEYS.c.revoked_at.is_(None))
    return tx.change(live.values(revoked_at=now, sealed_pem=None)) == 1


def destroy_private_half(tx: Transaction, kid: str, public_jwk: dict[str, str]) -> None:
    """Keeps of a key that no longer signs only what verifies."""
    tx.change(update(KEYS).where(KEYS.c.kid == kid).values(public_jwk=public_jwk, sealed_pem=None))


def _kept(rows: Sequence[RowMapping]) -> list[KeptKey]:
    named = ("kid", "generation", "published_at", "active_from", "revoked_at")
    return [KeptKey(KeyDates(*(row[name] for name in named)), row["public_jwk"], row["sealed_pem"]) for row in rows]
