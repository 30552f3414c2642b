"""Seals fields so that deleting one key deletes them everywhere, backups included.

One data key per subject (or purge), AES-256-GCM, bound to table, column and row so that a sealed value cannot be
moved; the data key itself is wrapped by an epoch key of the keyring. Plain values never reach a table.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from agegate.entropy import Entropy
from agegate.store.keyring import KEY_BYTES, Keyring
from agegate.store.live_epochs import FixedEpochs, LiveEpochs

NONCE_BYTES = 12


class SealBroken(Exception):
    """A sealed value does not open: its key is gone, or it was altered or moved."""


class Cell(NamedTuple):
    """The place a sealed value belongs to; it opens nowhere else."""

    table: str
    column: str
    row: str

    def bound(self, key_name: str) -> bytes:
        """The additional authenticated data: place and key name, unambiguously joined."""
        return f"v1\x1f{self.table}\x1f{self.column}\x1f{self.row}\x1f{key_name}".encode()


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """One owner's key: the cipher, and the wrapped form that its row keeps."""

    cipher: AESGCM
    wrapped: str


class Vault:
    """Makes, wraps and opens data keys, and seals single values."""

    def __init__(self, keyring: Keyring, entropy: Entropy, epochs: LiveEpochs | None = None) -> None:
        self._entropy = entropy
        self._epochs = epochs or FixedEpochs(keyring)
        self.own = DataKey(AESGCM(keyring.derive("own-secrets")), "")
        """Seals what belongs to the installation itself: webhook secrets and signing keys."""

        self.evidence = DataKey(AESGCM(keyring.derive("evidence-salts")), "")
        """Seals the salts that tie evidence to subjects that are gone."""

    def new_key(self, owner: str) -> DataKey:
        """A fresh data key for the row `owner`, wrapped under the current epoch."""
        key = self._entropy(KEY_BYTES)
        epoch, cipher = self._epochs.sealing()
        sealed = self._encrypt(cipher, key, _wrap_bound(owner, epoch))
        return DataKey(AESGCM(key), f"{epoch}.{sealed}")

    def open_key(self, owner: str, wrapped: str | None) -> DataKey:
        """The data key of the row `owner`. Raises SealBroken when it or its epoch is gone."""
        if wrapped is None:
            raise SealBroken
        epoch, _, sealed = wrapped.partition(".")
        cipher = self._epochs.opening(epoch)
        if cipher is None:
            raise SealBroken
        return DataKey(AESGCM(self._decrypt(cipher, sealed, _wrap_bound(owner, epoch))), wrapped)

    def rewrap(self, owner: str, wrapped: str) -> str:
        """The same data key under the current epoch. Raises SealBroken."""
        old, _, sealed = wrapped.partition(".")
        cipher = self._epochs.opening(old)
        if cipher is None:
            raise SealBroken
        epoch, current = self._epochs.sealing()
        key = self._decrypt(cipher, sealed, _wrap_bound(owner, old))
        return f"{epoch}.{self._encrypt(current, key, _wrap_bound(owner, epoch))}"

    def seal(self, key: DataKey, cell: Cell, plain: str) -> str:
        """The sealed form of a value, fit for that cell only."""
        return self._encrypt(key.cipher, plain.encode(), cell.bound("data"))

    def open(self, key: DataKey, cell: Cell, sealed: str | None) -> str:
        """The value sealed for that cell. Raises SealBroken when it is gone or does not belong there."""
        if sealed is None:
            raise SealBroken
        return self._decrypt(key.cipher, sealed, cell.bound("data")).decode()

    def _encrypt(self, cipher: AESGCM, plain: bytes, bound: bytes) -> str:
        nonce = self._entropy(NONCE_BYTES)
        return urlsafe_b64encode(nonce + cipher.encrypt(nonce, plain, bound)).decode()

    @staticmethod
    def _decrypt(cipher: AESGCM, sealed: str, bound: bytes) -> bytes:
        try:
            raw = urlsafe_b64decode(sealed)
            return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError):
            raise SealBroken from None


def _wrap_bound(owner: str, epoch: str) -> bytes:
    return f"v1\x1fdata-key\x1f{owner}\x1f{epoch}".encode()
