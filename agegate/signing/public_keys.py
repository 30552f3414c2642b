"""The public side of the signing keys: the name of a key, and the set that a JWKS document gives.

Owns the RFC 7638 thumbprint and which keys of a document may verify our tokens. Leaves fetching and caching
the document to the caller, and private keys to `keys`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers
from jose.backends import ECKey
from jose.backends.base import Key

from agegate.base64url import base64url_text
from agegate.signing.strict_jws import ALGORITHM, JsonValue, Reason, TokenRefused, decode

COORDINATE_SIZE = 32
MOST_KEYS = 64


def thumbprint(x: str, y: str) -> str:
    """The kid of a P-256 key: SHA-256 over its required members in order, no spaces (RFC 7638 section 3)."""
    members = {"crv": "P-256", "kty": "EC", "x": x, "y": y}
    return base64url_text(sha256(json.dumps(members, separators=(",", ":")).encode("ascii")).digest())


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """Keys by kid, each built once: parsing a key costs more than checking a signature."""

    by_kid: Mapping[str, Key]

    @classmethod
    def from_jwks(cls, document: object) -> "PublicKeys":
        """The keys of a JWKS (RFC 7517) that may verify ES256; foreign ones are skipped.

        A document that is no key set is refused as `keys_unavailable`; one without our keys is an empty set.
        """
        listed = document.get("keys") if isinstance(document, Mapping) else None
        if not isinstance(listed, list) or len(listed) > MOST_KEYS:
            raise TokenRefused(Reason.KEYS_UNAVAILABLE)
        return cls(MappingProxyType(dict(_usable(listed))))


def _usable(listed: list[JsonValue]) -> Iterator[tuple[str, Key]]:
    for entry in listed:
        if not isinstance(entry, Mapping) or not _is_ours(entry):
            continue
        try:
            yield str(entry["kid"]), ECKey(_public_key(str(entry["x"]), str(entry["y"])), ALGORITHM)
        except ValueError:  # the point does not lie on the curve
            continue


def _is_ours(entry: Mapping[str, JsonValue]) -> bool:
    wanted = {"kty": "EC", "crv": "P-256", "alg": ALGORITHM, "use": "sig"}
    x, y = entry.get("x"), entry.get("y")
    return (
        all(entry.get(name) == value for name, value in wanted.items())
        and "d" not in entry  # whoever publishes a private key has lost it
        and entry.get("key_ops", ["verify"]) == ["verify"]
        and isinstance(x, str)
        and isinstance(y, str)
        and _is_coordinate(x)
        and _is_coordinate(y)
        and entry.get("kid") == thumbprint(x, y)
    )


def _is_coordinate(text: str) -> bool:
    try:
        return len(decode(text.encode("utf-8"))) == COORDINATE_SIZE
    except (TokenRefused, UnicodeEncodeError):
        return False


def _public_key(x: str, y: str) -> object:
    first, second = (int.from_bytes(decode(part.encode("ascii")), "big") for part in (x, y))
    return EllipticCurvePublicNumbers(first, second, SECP256R1()).public_key()
