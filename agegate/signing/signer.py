"""Signing on the hot path: claims in, compact JWS out.

Owns the header, the issuer and the mark of test evidence. Leaves which claims belong into a kind to the flow
that makes them; never changes the mapping that it is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import orjson

from agegate.base64url import base64url
from agegate.signing.claim_rules import Kind
from agegate.signing.keys import SigningKey
from agegate.signing.strict_jws import ALGORITHM, JsonValue


@dataclass(frozen=True, slots=True)
class Signer:
    """One key, speaking for one issuer in one environment (`test` or `production`)."""

    key: SigningKey
    issuer: str
    environment: str

    def sign(self, kind: Kind, claims: Mapping[str, JsonValue]) -> str:
        """A token of this kind. `iss` and `environment` are the signer's own and override the caller's."""
        own = {"iss": self.issuer}
        if self.environment == "test":
            own["environment"] = "test"
        # A datetime would silently become a text here; it is refused like everything that is not JSON.
        payload = orjson.dumps({**claims, **own}, option=orjson.OPT_PASSTHROUGH_DATETIME)
        signed = _header(kind, self.key.kid) + base64url(payload)
        return (signed + b"." + base64url(self.key.jose.sign(signed))).decode("ascii")


@lru_cache(maxsize=64)
def _header(kind: Kind, kid: str) -> bytes:
    return base64url(orjson.dumps({"alg": ALGORITHM, "typ": kind.value, "kid": kid})) + b"."
