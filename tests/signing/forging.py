"""What an attacker can make: tokens of any header, any payload and any signature."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime

from agegate.signing.keys import SigningKey, jwks
from agegate.signing.signer import Signer
from agegate.signing.verify import Claims, JsonValue, Kind, PublicKeys, verify

ISSUER = "https://age.example"
AUDIENCE = "https://chat.example"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())

KEY = SigningKey.generate()
KEYS = PublicKeys.from_jwks(jwks([KEY]))
SIGNER = Signer(KEY, ISSUER, "production")
HEADER: dict[str, JsonValue] = {"alg": "ES256", "typ": "agestatus+jwt", "kid": KEY.kid}

AGE_STATUS: dict[str, JsonValue] = {
    "aud": AUDIENCE,
    "sub": "account-1",
    "iat": SECONDS,
    "nbf": SECONDS,
    "exp": SECONDS + 600,
    "jti": "SGVsbG8gZnJvbSBhIHRlc3Q",
    "age_decision": "consented",
    "age_over_13": True,
    "age_method": "self_declared",
    "policy": "deepseek@1",
    "consent": "cn_1",
}
RECEIPT: dict[str, JsonValue] = {"iat": SECONDS, "jti": "r1"}
ORDER: dict[str, JsonValue] = {
    "aud": AUDIENCE,
    "iat": SECONDS,
    "jti": "o1",
    "purge": "p1",
    "sub": "account-1",
    "reason": "subject_request",
    "due_at": "2026-12-22T12:00:00Z",
}
EVENT: dict[str, JsonValue] = {**RECEIPT, "record_id": "q1", "receipt_id": "r1", "previous": "h0", "number": 2}
CHECKPOINT: dict[str, JsonValue] = {**RECEIPT, "number": 1, "seq": 7, "head": "h7", "previous": "h0"}
STATUS_LIST: dict[str, JsonValue] = {
    "sub": "https://age.example/status/1",
    "iat": SECONDS,
    "exp": SECONDS + 3600,
    "status_list": {"bits": 2, "lst": "eNrbuRgAAhcBXQ"},
}
SAMPLES: Mapping[Kind, Mapping[str, JsonValue]] = {
    Kind.AGE_STATUS: AGE_STATUS,
    Kind.CONSENT_RECEIPT: RECEIPT,
    Kind.CONSENT_EVENT: EVENT,
    Kind.AUDIT_CHECKPOINT: CHECKPOINT,
    Kind.PURGE_ORDER: ORDER,
    Kind.PURGE_CERTIFICATE: RECEIPT,
    Kind.STATUS_LIST: STATUS_LIST,
}


def b64(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def sealed(header: bytes, payload: bytes, key: SigningKey = KEY) -> str:
    """A correct ES256 signature over whatever the segments say."""
    signed = f"{b64(header)}.{b64(payload)}"
    return f"{signed}.{b64(key.jose.sign(signed.encode()))}"


def forged(header: object = HEADER, claims: object | None = None, key: SigningKey = KEY) -> str:
    claims = {"iss": ISSUER, **AGE_STATUS} if claims is None else claims
    return sealed(json.dumps(header).encode(), json.dumps(claims).encode(), key)


def with_header(**members: object) -> str:
    return forged({**HEADER, **members})


def with_claims(**members: object) -> str:
    return forged(claims={"iss": ISSUER, **AGE_STATUS, **members})


def without_claim(name: str) -> str:
    return forged(claims={k: v for k, v in {"iss": ISSUER, **AGE_STATUS}.items() if k != name})


def with_octets(payload: bytes) -> str:
    return sealed(json.dumps(HEADER).encode(), payload)


def with_payload(text: str) -> str:
    return with_octets(text.encode("utf-8", "surrogatepass"))


def checked(text: object, now: datetime = NOW) -> Claims:
    return verify(text, KEYS, kind=Kind.AGE_STATUS, issuer=ISSUER, audience=AUDIENCE, now=now)
