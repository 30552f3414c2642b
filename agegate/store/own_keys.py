"""The installation's own keys, opened at start: the key file, and the signing keys sealed in the database.

Made on first start in the test environment only; production is told how to make them. Rotation is a flow.
"""

from datetime import datetime

from agegate.clock import Clock
from agegate.entropy import Entropy
from agegate.environment import CannotStart, Environment
from agegate.settings import Settings
from agegate.signing.keys import KeyUnusable, SigningKey, self_test
from agegate.store.key_book import KeyBook, NoSigningKey, pem_cell
from agegate.store.keyring import Keyring
from agegate.store.signing_keys import add_signing_key, signing_keys
from agegate.store.store import Store
from agegate.store.transaction import Transaction, Values
from agegate.store.vault import SealBroken, Vault


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


def open_signing_keys(settings: Settings, store: Store, vault: Vault, clock: Clock, *, may_make: bool) -> KeyBook:
    """The signing keys of the database; the first one is made when there is none and `may_make`.

    Raises CannotStart when there is none, or the key file is not the one that sealed them.
    """
    book = KeyBook(store, vault, clock, settings.public_issuer, settings.environment)
    if not store.read_now(signing_keys):
        if not may_make:
            raise CannotStart("There is no signing key yet. Make the first one with: agegate init")
        fresh = SigningKey.generate()
        store.write_now(lambda tx: _keep_first(tx, vault, fresh, clock()))
    try:
        keys = store.read_now(book.read)
        for key in keys.keys:
            if key.signing is not None:
                self_test(key.signing)
        keys.active_at(clock())
    except (SealBroken, KeyUnusable):
        raise CannotStart(
            "The signing keys do not open with this key file. Use the key file that belongs to this database."
        ) from None
    except NoSigningKey:
        raise CannotStart("No signing key is active. Make one with: agegate keys rotate") from None
    return book


def sealed_row(vault: Vault, key: SigningKey, generation: int, now: datetime, active_from: datetime) -> Values:
    """A new key as a row, published as soon as it is written."""
    return {
        "kid": key.kid,
        "generation": generation,
        "public_jwk": key.public_jwk(),
        "sealed_pem": vault.seal(vault.own, pem_cell(key.kid), key.pem().decode("ascii")),
        "published_at": now,
        "active_from": active_from,
        "revoked_at": None,
    }


def _keep_first(tx: Transaction, vault: Vault, fresh: SigningKey, now: datetime) -> None:
    if not signing_keys(tx):
        add_signing_key(tx, sealed_row(vault, fresh, 1, now, now))
