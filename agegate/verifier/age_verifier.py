"""The verifier that a downstream service makes once and asks for every request.

Owns the settings and which decisions are acceptable. Leaves the token to `checking` and the keys to
`key_cache`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from agegate.clock import utc_now
from agegate.signing.verify import Claims, Kind, Reason, TokenRefused
from agegate.verifier.age_status import AgeStatus
from agegate.verifier.checking import TokenCheck
from agegate.verifier.key_cache import KeyCache, jwks_address

ADMITTED = frozenset({"allowed", "consented"})
DECISIONS = ADMITTED | {"consent_required"}


class Verifier:
    """Checks age-status tokens of one issuer for one audience. Make one and keep it: it holds the keys.

    `accept` may add `consent_required` for limited access. `accept_test` takes evidence of a test server too.
    """

    def __init__(  # noqa: PLR0913 - settings, all but the first two with a safe default
        self,
        issuer: str,
        audience: str,
        *,
        accept: frozenset[str] = ADMITTED,
        accept_test: bool = False,
        jwks_url: str | None = None,
        timeout: timedelta = timedelta(seconds=3),
        refetch_pause: timedelta = timedelta(seconds=10),
        stale_for: timedelta = timedelta(hours=1),
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        if not audience:
            raise ValueError("an audience is needed: a token for nobody in particular proves nothing")
        if not accept <= DECISIONS:
            raise ValueError(f"accept may name only {', '.join(sorted(DECISIONS))}")
        keys = KeyCache(
            jwks_address(issuer, jwks_url),
            clock,
            pause=refetch_pause,
            stale_for=stale_for,
            total=timeout.total_seconds(),
        )
        self._check = TokenCheck(Kind.AGE_STATUS, issuer, audience, accept_test, keys, clock)
        self._accept = accept

    def check(self, token: object) -> AgeStatus:
        """What the token says, or `TokenRefused`. Blocks only while keys are fetched."""
        return self._accepted(self._check.check(token))

    async def check_async(self, token: object) -> AgeStatus:
        """The same, without blocking the event loop."""
        return self._accepted(await self._check.check_async(token))

    def _accepted(self, claims: Claims) -> AgeStatus:
        if claims["age_decision"] not in self._accept:
            raise TokenRefused(Reason.DECISION_NOT_ACCEPTED)
        return AgeStatus.of(claims)
