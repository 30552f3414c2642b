"""The compact JWS form, read strictly: there is one spelling of a token and every other one is refused.

Owns the refusal type, canonical base64url, the exact header and the JSON reading. Leaves what the claims mean
to `claim_rules`, the key to `public_keys`. It never follows anything that a header names.
"""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import isfinite
from typing import Never, TypeAlias

from agegate.base64url import base64url

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

HEADER_MEMBERS = {"alg", "typ", "kid"}
ALGORITHM = "ES256"
SIGNATURE_SIZE = 64
LONGEST_HEADER = 512


class Reason(StrEnum):
    """Why a token was refused: a closed set, stable enough to count and to test for."""

    MALFORMED = "malformed"
    TOO_LONG = "too_long"
    DUPLICATE_MEMBER = "duplicate_member"
    WRONG_HEADER = "wrong_header"
    WRONG_ALGORITHM = "wrong_algorithm"
    WRONG_KIND = "wrong_kind"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    WRONG_CLAIMS = "wrong_claims"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_AUDIENCE = "wrong_audience"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    LIVES_TOO_LONG = "lives_too_long"
    TEST_EVIDENCE = "test_evidence"
    DECISION_NOT_ACCEPTED = "decision_not_accepted"
    KEYS_UNAVAILABLE = "keys_unavailable"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    STATUS_UNAVAILABLE = "status_unavailable"


class TokenRefused(Exception):
    """The token was refused. It never carries any part of the token."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Header:
    """What a header may say, and nothing else."""

    typ: str
    kid: str


@dataclass(frozen=True, slots=True)
class Jws:
    """A token taken apart. The payload stays unread until the signature holds."""

    header: Header
    signed: bytes
    payload: bytes
    signature: bytes


def decode(segment: bytes) -> bytes:
    """The octets of a canonical segment. Padding, `+/`, stray characters and loose bits are refused."""
    try:
        octets = urlsafe_b64decode(segment + b"==")
    except ValueError:
        raise TokenRefused(Reason.MALFORMED) from None
    if base64url(octets) != segment:
        raise TokenRefused(Reason.MALFORMED)
    return octets


def take_apart(text: object, *, longest: int) -> Jws:
    """The parts of a compact JWS. Does not check the signature and does not read the payload."""
    header, signed, payload, signature = split(text, longest=longest)
    if len(header) > LONGEST_HEADER:
        raise TokenRefused(Reason.TOO_LONG)
    return Jws(_read_header(header), signed, payload, signature)


def split(text: object, *, longest: int) -> tuple[bytes, bytes, bytes, bytes]:
    """The header's segment, what was signed, and the octets of payload and signature, whatever the header says."""
    if type(text) is not str:
        raise TokenRefused(Reason.MALFORMED)
    if len(text) > longest:
        raise TokenRefused(Reason.TOO_LONG)
    if not text.isascii():
        raise TokenRefused(Reason.MALFORMED)
    signed, _, signature = text.encode("ascii").rpartition(b".")
    header, _, payload = signed.partition(b".")
    octets = decode(signature)
    if not payload or len(octets) != SIGNATURE_SIZE:
        raise TokenRefused(Reason.MALFORMED)
    return header, signed, decode(payload), octets


# Only headers that passed are remembered, since a refusal is an exception; a flood only pushes out old ones.
@lru_cache(maxsize=64)
def _read_header(segment: bytes) -> Header:
    members = read_object(decode(segment))
    if members.keys() != HEADER_MEMBERS:
        raise TokenRefused(Reason.WRONG_HEADER)
    alg, typ, kid = members["alg"], members["typ"], members["kid"]
    if alg != ALGORITHM:
        raise TokenRefused(Reason.WRONG_ALGORITHM)
    if type(typ) is not str or type(kid) is not str:
        raise TokenRefused(Reason.WRONG_HEADER)
    return Header(typ, kid)


def read_object(octets: bytes) -> dict[str, JsonValue]:
    """One JSON object (RFC 8259) in UTF-8: no duplicate member, no NaN or infinity, no lone surrogate."""
    try:
        text = octets.decode("utf-8")
        found: JsonValue = DECODER.decode(text)
        if "\\u" in text:
            # An escape can spell half a character, which would fail far away, where it is first written.
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise TokenRefused(Reason.MALFORMED) from None
    if not isinstance(found, dict):
        raise TokenRefused(Reason.MALFORMED)
    return found


def _unique(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise TokenRefused(Reason.DUPLICATE_MEMBER)
    return members


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise TokenRefused(Reason.MALFORMED)
    return number


def _no_constant(_name: str) -> Never:
    raise TokenRefused(Reason.MALFORMED)


DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_constant=_no_constant)
