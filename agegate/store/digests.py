"""Keyed digests: what lets us recognise a name again without keeping it.

Every digest is HMAC-SHA-256 under a key of its own purpose, over the service and the value, so that no digest of
one service or purpose matches one of another. Dates of birth are never digested: there are too few of them.
"""

import hmac
from functools import lru_cache
from hashlib import sha256

from agegate.base64url import base64url_text
from agegate.rules.mailbox import mailbox_key
from agegate.store.keyring import Keyring


def keyed(key: bytes, *parts: str) -> str:
    """HMAC-SHA-256 of the parts, base64url without padding; parts cannot run into each other."""
    digest = _begun(key).copy()
    digest.update(_joined(parts))
    return base64url_text(digest.digest())


def salted(salt: str, *parts: str) -> str:
    """The same under a key that is used once or twice."""
    return base64url_text(hmac.digest(salt.encode(), _joined(parts), sha256))


@lru_cache(maxsize=64)
def _begun(key: bytes) -> hmac.HMAC:
    # What every digest under one key begins with costs as much as the rest.
    return hmac.new(key, digestmod=sha256)


def _joined(parts: tuple[str, ...]) -> bytes:
    message = b""
    for part in parts:
        raw = part.encode()
        message += len(raw).to_bytes(4, "big") + raw
    return message


class Digests:
    """The digests of one installation."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._tombstone_keys: dict[str, bytes] = {}
        self._subject = keyring.derive("digest/subject")
        self._address = keyring.derive("digest/address")
        self._mailbox = keyring.derive("digest/mailbox")
        self._device = keyring.derive("digest/device")
        self._pairwise = keyring.derive("digest/pairwise")
        self._reference = keyring.derive("digest/reference")
        self._evidence = keyring.derive("evidence/salt")
        self._api_key = keyring.derive("digest/api-key")

    def subject(self, service: str, subject: str) -> str:
        """Recognises a subject id of a service."""
        return keyed(self._subject, service, subject)

    def address(self, service: str, address: str) -> str:
        """Recognises a mailbox of a service, in every spelling that reaches the same one."""
        return keyed(self._address, service, mailbox_key(address))

    def mailbox(self, address: str) -> str:
        """Recognises a mailbox across all services: for mail limits, suppressions and the count of children only."""
        return keyed(self._mailbox, mailbox_key(address))

    def device(self, service: str, device: str) -> str:
        """Recognises a device digest that a service passes."""
        return keyed(self._device, service, device)

    def reference(self, *parts: str) -> str:
        """An opaque name that differs per part, for tokens and receipts; 22 characters, 132 bits."""
        return keyed(self._reference, *parts)[:22]

    def pairwise(self, service: str, audience: str, subject: str) -> str:
        """The name by which one audience knows a subject; it matches that of no other audience."""
        return "pw_" + keyed(self._pairwise, service, audience, subject)[:22]

    def evidence(self, row: str, service: str, subject: str) -> str:
        """The commitment by which evidence names a subject, salted per subject row."""
        return self.principal(self.salt(row), service, subject)

    def salt(self, life: str) -> str:
        """The salt of a subject's evidence. It follows from the subject's row, so it is gone with it unless kept."""
        return keyed(self._evidence, life)

    @staticmethod
    def principal(salt: str, service: str, subject: str) -> str:
        """The commitment of receipts and certificates: the same in all evidence of one life of a subject."""
        return salted(salt, service, subject)

    def tombstone_key(self, service: str) -> bytes:
        """The key that a service and its holders got, to recognise their own subjects among the tombstones."""
        known = self._tombstone_keys.get(service)
        if known is None:
            known = self._tombstone_keys[service] = self._keyring.derive(f"tombstone/{service}")
        return known

    def tombstone(self, service: str, subject: str) -> str:
        """How a tombstone names a subject: HMAC-SHA-256 of the subject id under that key, in hex."""
        return tombstone_digest(self.tombstone_key(service), subject)

    @staticmethod
    def commitment(salt: str, entry: str) -> str:
        """The commitment of one entry of the audit log: without the salt no two of them match."""
        return salted(salt, "audit", entry)

    def api_key(self, secret: str) -> str:
        """What is stored of an API key's secret."""
        return keyed(self._api_key, secret)


def tombstone_digest(key: bytes, subject: str) -> str:
    """HMAC-SHA-256 of a subject id, in hex: what anybody with the key can work out with the tools at hand."""
    return hmac.new(key, subject.encode(), sha256).hexdigest()
