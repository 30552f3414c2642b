"""Whether an ID token is what this sign-in asked for (OpenID Connect Core 3.1.3.7), and what it says of an adult.

Owns the checks, done by joserfc (signature, allow-listed algorithms) and authlib (claims), and the reading of the
accepted claims. Of everything else in the token nothing is looked at.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol, cast

from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # authlib has no types
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key

from agegate.law.civil_day import latest_today
from agegate.provider_settings import OidcSettings
from agegate.remote.oidc_provider import JsonObject
from agegate.rules.adult_claims import AdultClaims
from agegate.rules.birth_date import BirthDate, BirthDateRefused

ALGORITHMS: Final = frozenset({"RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"})
"""Asymmetric ones only: with a shared secret the client itself could make a token."""

SKEW: Final = timedelta(seconds=60)
OLDEST: Final = timedelta(minutes=10)
DAY: Final = re.compile(r"[0-9]{4}(-[0-9]{2}-[0-9]{2})?", re.ASCII)
LONGEST: Final = 16 * 1024


class TokenRefused(Exception):
    """The ID token is not good; the code says why and repeats nothing of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Validated(Protocol):
    """The part of authlib's claims that is used here."""

    def validate(self, now: int, leeway: int) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the token has to answer to."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    access_token: str = field(repr=False)


def key_id(token: str) -> str | None:
    """The key id in the header, not yet believed. Raises TokenRefused."""
    if len(token) > LONGEST:
        raise TokenRefused("too_long")
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError, TypeError):
        raise TokenRefused("not_a_token") from None
    kid = header.get("kid")
    return kid if isinstance(kid, str) else None


def checked(token: str, keys: Sequence[JsonObject], expected: Expected, now: datetime) -> JsonObject:
    """The claims of a token that is whole, of this provider, for this client and this sign-in. Raises TokenRefused."""
    if len(keys) != 1:
        raise TokenRefused("key_unknown")
    try:
        key = import_key(cast("dict[str, str | list[str]]", keys[0]))
        if not isinstance(key, RSAKey | ECKey | OKPKey) or key.is_private:
            raise TokenRefused("key_unfit")
        signed = jwt.decode(token, key, algorithms=sorted(ALGORITHMS))
        options = {
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.client_id},
            "sub": {"essential": True},
        }
        known = {
            "nonce": expected.nonce,
            "client_id": expected.client_id,
            "access_token": expected.access_token,
        }
        judge: Callable[..., Validated] = CodeIDToken
        judge(signed.claims, signed.header, options, known).validate(int(now.timestamp()), int(SKEW.total_seconds()))
    except JoseError as fault:
        raise TokenRefused(str(fault.error)) from None
    except (ValueError, TypeError):
        raise TokenRefused("unreadable") from None
    _refuse_other_audiences(signed.claims, expected)
    _refuse_old(signed.claims, now)
    return signed.claims


def adult_claims(claims: JsonObject, settings: OidcSettings, now: datetime) -> AdultClaims:
    """Of the claims those that were agreed on, each only in its one form. "Not over 18" counts in any case."""
    over, acr = claims.get("age_over_18"), claims.get("acr")
    return AdultClaims(
        age_over_18=over if over is False or (over is True and "age_over_18" in settings.accepts) else None,
        birth_date=_birth_date(claims.get("birthdate"), now) if "birthdate" in settings.accepts else None,
        acr_agreed=True if isinstance(acr, str) and acr in settings.acr_values else None,
    )


def _birth_date(told: object, now: datetime) -> BirthDate | None:
    # OpenID Connect Core 5.1: YYYY-MM-DD or YYYY; the year 0000 says that it is left out.
    if not isinstance(told, str) or not DAY.fullmatch(told):
        return None
    try:
        return BirthDate.read(told, latest_today(now))
    except BirthDateRefused:
        return None


def _refuse_other_audiences(claims: JsonObject, expected: Expected) -> None:
    # Nobody else is meant to hold this token: a further audience could have brought it here.
    if claims.get("aud") not in (expected.client_id, [expected.client_id]):
        raise TokenRefused("aud")


def _refuse_old(claims: JsonObject, now: datetime) -> None:
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        raise TokenRefused("iat")
    if now.timestamp() - issued > OLDEST.total_seconds():
        raise TokenRefused("iat")
