"""The kinds of our tokens and what the claims of each must look like.

Owns types, required members, the closed claim set of the age status, issuer, audience and time. Leaves syntax
and signature to `strict_jws` and `verify`; does not know whether a token was revoked.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from agegate.signing.status_list import is_status_list
from agegate.signing.strict_jws import JsonValue, Reason, TokenRefused

Claims = Mapping[str, JsonValue]
Check = Callable[[JsonValue], bool]

CLOCK_SKEW = timedelta(seconds=60)
LAST_SECOND = 253_402_300_799  # the end of the year 9999, past which Python has no instants
LONGEST_TEXT = 512
AGE_OVER = re.compile(r"age_over_[0-9]{2}", re.ASCII)
DECISIONS = frozenset({"allowed", "consented", "consent_required"})


class Kind(StrEnum):
    """What a token is for, as its `typ` says it; one kind never passes for another."""

    AGE_STATUS = "agestatus+jwt"
    CONSENT_RECEIPT = "consent-receipt+jwt"
    CONSENT_EVENT = "consent-event+jwt"
    PURGE_ORDER = "purge-order+jwt"
    PURGE_CERTIFICATE = "purge-certificate+jwt"
    STATUS_LIST = "statuslist+jwt"
    AUDIT_CHECKPOINT = "audit-checkpoint+jwt"


def is_text(value: JsonValue) -> bool:
    return type(value) is str and 0 < len(value) <= LONGEST_TEXT


def is_instant(value: JsonValue) -> bool:
    return type(value) is int and 0 <= value <= LAST_SECOND  # a bool is an int, but not by `type`


def is_count(value: JsonValue) -> bool:
    return type(value) is int and value > 0


def is_decision(value: JsonValue) -> bool:
    return type(value) is str and value in DECISIONS


def is_test_mark(value: JsonValue) -> bool:
    return value == "test"  # production evidence carries no such claim


def is_status(value: JsonValue) -> bool:
    """A reference into a status list, and nothing beside it."""
    match value:
        case {"status_list": {"idx": int(idx), "uri": str(uri), **rest}, **others} if not rest and not others:
            return type(idx) is int and idx >= 0 and is_text(uri)
    return False


REGISTERED: Mapping[str, Check] = {
    **dict.fromkeys(("iss", "aud", "sub", "jti"), is_text),
    **dict.fromkeys(("iat", "nbf", "exp"), is_instant),
    "environment": is_test_mark,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What one kind must carry, what its claims must be, how long it may live and how large it may be."""

    needs: frozenset[str]
    checks: Mapping[str, Check] = field(default_factory=lambda: REGISTERED)
    closed: bool = False
    for_one_audience: bool = False
    lives_at_most: timedelta | None = None
    longest: int = 64 * 1024


EVIDENCE = frozenset({"iss", "iat", "jti"})
CHECKPOINT_CLAIMS = {"number": is_count, "seq": is_count, "head": is_text, "previous": is_text}
STATUS_CLAIMS = {"age_decision": is_decision, "age_method": is_text, "policy": is_text}
ORDER_CLAIMS = dict.fromkeys(("purge", "reason", "due_at"), is_text)
RECORD_CLAIMS = dict.fromkeys(("record_id", "receipt_id", "previous"), is_text)
SHAPES: Mapping[Kind, Shape] = {
    Kind.AGE_STATUS: Shape(
        needs=EVIDENCE | {"aud", "sub", "nbf", "exp"} | STATUS_CLAIMS.keys(),
        checks={**REGISTERED, **STATUS_CLAIMS, "consent": is_text, "status": is_status},
        closed=True,
        for_one_audience=True,
        lives_at_most=timedelta(minutes=15),
        longest=4096,
    ),
    Kind.CONSENT_RECEIPT: Shape(EVIDENCE),
    Kind.CONSENT_EVENT: Shape(
        needs=EVIDENCE | RECORD_CLAIMS.keys() | {"number"},
        checks={**REGISTERED, **RECORD_CLAIMS, "number": is_instant},
    ),
    Kind.PURGE_ORDER: Shape(
        needs=EVIDENCE | {"aud", "sub"} | ORDER_CLAIMS.keys(),
        checks={**REGISTERED, **ORDER_CLAIMS},
        for_one_audience=True,
    ),
    Kind.PURGE_CERTIFICATE: Shape(EVIDENCE, longest=1024 * 1024),
    Kind.STATUS_LIST: Shape(
        needs=frozenset({"iss", "sub", "iat", "exp", "status_list"}),
        checks={**REGISTERED, "status_list": is_status_list, "ttl": is_instant},
        longest=1024 * 1024,
    ),
    Kind.AUDIT_CHECKPOINT: Shape(
        needs=EVIDENCE | CHECKPOINT_CLAIMS.keys(),
        checks={**REGISTERED, **CHECKPOINT_CLAIMS},
        longest=4096,
    ),
}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the caller demands of a token besides its kind."""

    issuer: str
    audience: str | None
    now: datetime
    accept_test: bool


def judge(claims: Claims, kind: Kind, wanted: Expectation) -> None:
    """Refuses claims that are not exactly what this caller may rely on now."""
    shape = SHAPES[kind]
    if not _well_formed(claims, shape):
        raise TokenRefused(Reason.WRONG_CLAIMS)
    if claims["iss"] != wanted.issuer:
        raise TokenRefused(Reason.WRONG_ISSUER)
    # A missing `aud` equals None: a kind for everybody must have none, a kind for one must name that one.
    if claims.get("aud") != wanted.audience or (wanted.audience is None and shape.for_one_audience):
        raise TokenRefused(Reason.WRONG_AUDIENCE)
    if (reason := _time_fault(claims, shape, wanted.now)) is not None:
        raise TokenRefused(reason)
    if "environment" in claims and not wanted.accept_test:
        raise TokenRefused(Reason.TEST_EVIDENCE)


def _well_formed(claims: Claims, shape: Shape) -> bool:
    if not shape.needs <= claims.keys():
        return False
    for name, value in claims.items():
        check = shape.checks.get(name)
        if check is None:
            is_threshold = type(value) is bool and AGE_OVER.fullmatch(name) is not None
            if shape.closed and not is_threshold:
                return False
        elif not check(value):
            return False
    return True


def _time_fault(claims: Claims, shape: Shape, now: datetime) -> Reason | None:
    seconds = now.timestamp()
    begins = [value for name in ("iat", "nbf") if isinstance(value := claims.get(name), int)]
    if any(value > seconds + CLOCK_SKEW.total_seconds() for value in begins):
        return Reason.NOT_YET_VALID
    ends = claims.get("exp")
    if not isinstance(ends, int):
        return None
    if ends <= seconds:  # no leeway: at `exp` itself the token is dead (RFC 7519 section 4.1.4)
        return Reason.EXPIRED
    if shape.lives_at_most is not None and ends - min(begins) > shape.lives_at_most.total_seconds():
        return Reason.LIVES_TOO_LONG
    return None
