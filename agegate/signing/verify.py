"""The one check of everything that agegate signs; downstream services and agegate itself use no other.

Owns the order: syntax, kind, key, signature, then claims. Raises only `TokenRefused`, for any input
whatsoever. Does not know whether a subject was revoked since, and fetches nothing.
"""

from datetime import datetime

from agegate.signing.claim_rules import SHAPES, Claims, Expectation, Kind, judge
from agegate.signing.public_keys import PublicKeys
from agegate.signing.status_list import ListBroken, Status, inflated, status_at
from agegate.signing.strict_jws import JsonValue, Reason, TokenRefused, read_object, take_apart

__all__ = [
    "Claims",
    "JsonValue",
    "Kind",
    "ListBroken",
    "PublicKeys",
    "Reason",
    "Status",
    "TokenRefused",
    "inflated",
    "status_at",
    "verify",
]


def verify(
    text: object,
    keys: PublicKeys,
    *,
    kind: Kind,
    issuer: str,
    audience: str | None,
    now: datetime,
    accept_test: bool = False,
) -> Claims:
    """The claims of a token of this kind, issuer and audience that is valid at `now`, or `TokenRefused`.

    `audience=None` means a token that is for nobody in particular: it must have no `aud` at all.
    """
    if now.tzinfo is None:
        raise ValueError("now must be an aware instant")
    jws = take_apart(text, longest=SHAPES[kind].longest)
    if jws.header.typ != kind:
        raise TokenRefused(Reason.WRONG_KIND)
    key = keys.by_kid.get(jws.header.kid)
    if key is None:
        raise TokenRefused(Reason.UNKNOWN_KEY)
    if not key.verify(jws.signed, jws.signature):
        raise TokenRefused(Reason.BAD_SIGNATURE)
    claims = read_object(jws.payload)
    judge(claims, kind, Expectation(issuer, audience, now, accept_test))
    return claims
