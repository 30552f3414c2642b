"""The issuer's public keys, kept close.

Owns where they are and how long they count. When they are fetched is `cached`'s business. Tokens live for minutes, so
there is nothing to win by keeping old keys long.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

from agegate.signing.verify import PublicKeys
from agegate.verifier.cached import Cached, Held, max_age
from agegate.verifier.fetching import Reply, checked_url

JWKS_PATH = "/.well-known/jwks.json"
DEFAULT_AGE = timedelta(minutes=5)
LONGEST_AGE = timedelta(hours=1)

KeyCache: TypeAlias = Cached[PublicKeys]


def key_cache(
    jwks_url: str,
    clock: Callable[[], datetime],
    *,
    pause: timedelta = timedelta(seconds=10),
    stale_for: timedelta = timedelta(hours=1),
    total: float = 3.0,
) -> KeyCache:
    """A cache of the keys at that address; `stale_for` is how long they outlive their freshness in an outage."""

    def read(reply: Reply, now: datetime) -> Held[PublicKeys]:
        fresh_until = now + max_age(reply, DEFAULT_AGE, LONGEST_AGE)
        return Held(PublicKeys.from_jwks(json.loads(reply.body)), fresh_until, fresh_until + stale_for)

    return Cached(jwks_url, read, clock, pause, total)


def jwks_address(issuer: str, jwks_url: str | None) -> str:
    """Where the keys are, both addresses checked; the well-known place unless another is named."""
    return checked_url(jwks_url or checked_url(issuer).rstrip("/") + JWKS_PATH)
