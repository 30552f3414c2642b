"""The signing keys of the installation, opened: which one signs now, and which ones the world may see.

Owns opening each sealed key once and noticing new and revoked ones within a second. What a key's dates mean is
`signing/key_states.py`; changing them is the flows' business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agegate.clock import Clock
from agegate.signing.key_states import KeyDates, KeyState, Standing, standings
from agegate.signing.keys import SigningKey
from agegate.signing.signer import Signer
from agegate.store.fresh import Fresh
from agegate.store.line import StoreUnavailable
from agegate.store.signing_keys import KeptKey, signing_keys
from agegate.store.store import Store
from agegate.store.transaction import Transaction
from agegate.store.vault import Cell, Vault

Jwk = dict[str, str | int]
Jwks = dict[str, list[Jwk]]


class NoSigningKey(StoreUnavailable):
    """No key is active, so nothing can be signed."""


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A key with its public half, and its private half while anything may be signed with it."""

    dates: KeyDates
    public_jwk: dict[str, str]
    signing: SigningKey | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeySet:
    """Every key as of one read, the newest generation first. What it says hangs on the instant asked for."""

    keys: tuple[OpenKey, ...]

    def active_at(self, now: datetime) -> SigningKey:
        """The key that signs at that instant. Raises NoSigningKey.

        Where none but a published successor is left it signs before its time: a clock that lags must not stop us.
        """
        chosen: OpenKey | None = None
        for key in self.keys:
            begun = key.dates.active_from <= now
            if key.dates.ever_signs and not (begun and key.dates.revoked_at is not None):
                chosen = key
            if key.dates.ever_signs and begun:
                break
        if chosen is None or chosen.signing is None:
            raise NoSigningKey
        return chosen.signing

    def standings_at(self, now: datetime) -> Mapping[str, Standing]:
        """Where each key stands, by kid."""
        return standings((key.dates for key in self.keys), now)

    def published_at(self, now: datetime) -> Jwks:
        """The JWKS: what may verify a token now or soon."""
        shown = self.standings_at(now)
        return {"keys": [dict(key.public_jwk) for key in self.keys if shown[key.dates.kid].is_published(now)]}

    def archive_at(self, now: datetime) -> Jwks:
        """Every key that ever signed and was not revoked, with the time of its use: for receipts and certificates."""
        stands = self.standings_at(now)
        return {"keys": [_with_time(key, stands[key.dates.kid]) for key in self.keys if _in_archive(key, stands)]}


class KeyBook(Fresh[KeySet]):
    """The keys at most a second old, or as one transaction sees them."""

    def __init__(self, store: Store, vault: Vault, clock: Clock, issuer: str, environment: str) -> None:
        super().__init__(store, clock, self.read)
        self._vault = vault
        self._issuer = issuer
        self._environment = environment
        self._opened: dict[str, SigningKey] = {}

    def read(self, tx: Transaction) -> KeySet:
        """The keys as this transaction sees them. Raises SealBroken when the key file is another's."""
        return KeySet(tuple(self._open(kept) for kept in signing_keys(tx)))

    def signer_in(self, tx: Transaction, now: datetime) -> Signer:
        """Signs with the key that is active as this transaction sees it, so never with one revoked before."""
        return self._signer(self.read(tx), now)

    async def signer(self) -> Signer:
        """Signs with the active key; a key revoked less than a second ago may be among them."""
        now = self._clock()
        return self._signer(self.at_hand(now) or await self.current(), now)

    def _signer(self, keys: KeySet, now: datetime) -> Signer:
        return Signer(keys.active_at(now), self._issuer, self._environment)

    def _open(self, kept: KeptKey) -> OpenKey:
        if kept.sealed_pem is None:
            self._opened.pop(kept.kid, None)
            return OpenKey(kept.dates, kept.public_jwk or {}, None)
        key = self._opened.get(kept.kid)
        if key is None:
            pem = self._vault.open(self._vault.own, pem_cell(kept.kid), kept.sealed_pem)
            key = self._opened[kept.kid] = SigningKey.from_pem(pem.encode("ascii"))
        return OpenKey(kept.dates, key.public_jwk(), key)


def pem_cell(kid: str) -> Cell:
    """Where a private key is sealed, under the installation's own key."""
    return Cell("signing_keys", "sealed_pem", kid)


def _in_archive(key: OpenKey, stands: Mapping[str, Standing]) -> bool:
    return stands[key.dates.kid].state in {KeyState.ACTIVE, KeyState.RETIRED}


def _with_time(key: OpenKey, standing: Standing) -> Jwk:
    shown: Jwk = {**key.public_jwk, "nbf": int(key.dates.active_from.timestamp())}
    if standing.state is KeyState.RETIRED and standing.retired_at is not None:
        shown["exp"] = int(standing.retired_at.timestamp())
    return shown
