"""Private signing keys: made, read, written and shown in public.

Owns that only P-256 keys sign and that no private member ever gets into a JWKS. Leaves where the key file
lies and its mode to the caller, and which key signs when to the key states.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jose.backends import ECKey
from jose.backends.base import Key
from jose.backends.cryptography_backend import CryptographyECKey

from agegate.base64url import base64url_text
from agegate.signing.public_keys import COORDINATE_SIZE, PublicKeys, thumbprint
from agegate.signing.strict_jws import ALGORITHM

ES256: Final = ECDSA(SHA256())


class KeyUnusable(Exception):
    """The signing key cannot be used."""


class P256Key(CryptographyECKey):
    """jose's key, which knows its one curve and hash beforehand instead of asking for them at each signature."""

    def sign(self, msg: bytes) -> bytes:
        """The signature as RFC 7518 section 3.4 writes it: two numbers of 32 octets."""
        r, s = decode_dss_signature(self.prepared_key.sign(msg, ES256))
        return r.to_bytes(COORDINATE_SIZE, "big") + s.to_bytes(COORDINATE_SIZE, "big")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One P-256 key pair, its jose object built once. Its repr shows the kid only."""

    kid: str
    private: EllipticCurvePrivateKey = field(repr=False)
    jose: Key = field(repr=False, compare=False)

    @classmethod
    def generate(cls) -> "SigningKey":
        """A new key."""
        return cls._of(generate_private_key(SECP256R1()))

    @classmethod
    def from_pem(cls, pem: bytes) -> "SigningKey":
        """The key of an unencrypted PEM file, or `KeyUnusable` with the reason."""
        try:
            private = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise KeyUnusable("The signing key file is not an unencrypted private key in PEM form.") from None
        if not isinstance(private, EllipticCurvePrivateKey) or not isinstance(private.curve, SECP256R1):
            raise KeyUnusable("The signing key is not a P-256 key, and ES256 signs with no other.")
        return cls._of(private)

    @classmethod
    def _of(cls, private: EllipticCurvePrivateKey) -> "SigningKey":
        return cls(thumbprint(*_coordinates(private)), private, P256Key(private, ALGORITHM))

    def pem(self) -> bytes:
        """The private key as PKCS #8 PEM, unencrypted: for a file of mode 0600 or for a vault."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def public_jwk(self) -> dict[str, str]:
        """The public key (RFC 7517), built member by member: jose's own dictionary would include `d`."""
        x, y = _coordinates(self.private)
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": ALGORITHM, "kid": self.kid}


def jwks(keys: Iterable[SigningKey]) -> dict[str, list[dict[str, str]]]:
    """The document of `/.well-known/jwks.json`."""
    return {"keys": [key.public_jwk() for key in keys]}


def self_test(key: SigningKey) -> None:
    """Signs and verifies once, so that a server with a broken key or backend never starts.

    Without the `cryptography` extra, jose falls back to a pure-Python curve that is slow and leaks by timing.
    """
    if ECKey is not CryptographyECKey:
        raise KeyUnusable("python-jose lacks its cryptography backend. Install python-jose[cryptography].")
    published = PublicKeys.from_jwks(jwks([key])).by_kid.get(key.kid)
    probe = b"agegate self-test"
    if published is None or not published.verify(probe, key.jose.sign(probe)):
        raise KeyUnusable("The signing key does not verify what it signed.")


def _coordinates(private: EllipticCurvePrivateKey) -> tuple[str, str]:
    point = private.public_key().public_numbers()
    x, y = (base64url_text(number.to_bytes(COORDINATE_SIZE, "big")) for number in (point.x, point.y))
    return x, y
