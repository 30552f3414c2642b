"""The installation's own keys, opened at start: the key file, and the signing keys sealed in the database.

Made on first start in the test environment only; production is told how to make them. Rotation is not here.
"""

from dataclasses import dataclass, field
from datetime import datetime

from agegate.entropy import Entropy
from agegate.settings import CannotStart, Environment, Settings
from agegate.signing.keys import KeyUnusable, SigningKey, self_test
from agegate.store.keyring import Keyring
from agegate.store.registry import add_signing_key, signing_keys
from agegate.store.store import Store
from agegate.store.transaction import Transaction
from agegate.store.vault import Cell, SealBroken, Vault

ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The key that signs, and all whose signatures still count."""

    active: SigningKey = field(repr=False)
    published: tuple[SigningKey, ...] = field(repr=False)


def open_keyring(settings: Settings, entropy: Entropy, now: datetime) -> Keyring:
    """The key file; made here on a first try, never in production. Raises CannotStart."""
    path = settings.key_file
    if not path.exists() and settings.environment is Environment.TEST:
        try:
            Keyring.make(entropy, now).write(path)
        except FileExistsError:
            pass  # another process made it at this moment; the one on disk counts
        except OSError as fault:
            raise CannotStart(
                f"The key file {path} cannot be written ({fault.strerror}). Check AGEGATE_DATA."
            ) from None
    return Keyring.read(path)


def open_signing_keys(store: Store, vault: Vault, now: datetime, *, may_make: bool) -> SigningKeys:
    """The signing keys of the database; the first one is made when there is none and `may_make`.

    Raises CannotStart when there is none, or the key file is not the one that sealed them.
    """
    found = store.read_now(signing_keys)
    if not found:
        if not may_make:
            raise CannotStart("There is no signing key yet. Make the first one with: agegate init")
        fresh = SigningKey.generate()
        found = store.write_now(lambda tx: _keep_first(tx, vault, fresh, now))
    try:
        keys = [(state, _unsealed(vault, kid, sealed)) for kid, state, sealed in found]
        for _, key in keys:
            self_test(key)
    except (SealBroken, KeyUnusable):
        raise CannotStart(
            "The signing keys do not open with this key file. Use the key file that belongs to this database."
        ) from None
    active = next((key for state, key in keys if state == ACTIVE), None)
    if active is None:
        raise CannotStart("No signing key is active. Make one with: agegate init")
    return SigningKeys(active, tuple(key for _, key in keys))


def _keep_first(tx: Transaction, vault: Vault, fresh: SigningKey, now: datetime) -> list[tuple[str, str, str]]:
    if not signing_keys(tx):
        sealed = vault.seal(vault.own, _cell(fresh.kid), fresh.pem().decode("ascii"))
        add_signing_key(tx, {"kid": fresh.kid, "state": ACTIVE, "sealed_pem": sealed, "created_at": now})
    return signing_keys(tx)


def _unsealed(vault: Vault, kid: str, sealed: str) -> SigningKey:
    return SigningKey.from_pem(vault.open(vault.own, _cell(kid), sealed).encode("ascii"))


def _cell(kid: str) -> Cell:
    return Cell("signing_keys", "sealed_pem", kid)
