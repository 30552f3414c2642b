"""The verifier that a downstream service makes once and asks for every request.

Owns the settings and which decisions are acceptable. Leaves the token to `checking` and the keys to
`key_cache`.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from agegate.clock import utc_now
from agegate.signing.verify import Claims, Kind, Reason, TokenRefused
from agegate.verifier.age_status import AgeStatus
from agegate.verifier.checking import TokenCheck
from agegate.verifier.key_cache import jwks_address, key_cache
from agegate.verifier.status_check import StatusCheck

ADMITTED = frozenset({"allowed", "consented"})
DECISIONS = ADMITTED | {"consent_required"}


class Verifier:
    """Checks age-status tokens of one issuer for one audience. Make one and keep it: it holds the keys.

    `accept` may add `consent_required` for limited access. `accept_test` takes evidence of a test server too. With
    `check_status` a token that was taken back is refused within a minute; without, it lives its ten minutes.
    """

    def __init__(  # noqa: PLR0913 - settings, all but the first two with a safe default
        self,
        issuer: str,
        audience: str,
        *,
        accept: AbstractSet[str] = ADMITTED,
        accept_test: bool = False,
        check_status: bool = True,
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
        keys = key_cache(
            jwks_address(issuer, jwks_url),
            clock,
            pause=refetch_pause,
            stale_for=stale_for,
            total=timeout.total_seconds(),
        )
        self._check = TokenCheck(Kind.AGE_STATUS, issuer, audience, accept_test, keys, clock)
        self._status = (
            StatusCheck(issuer, accept_test, keys, clock, refetch_pause, timeout.total_seconds())
            if check_status
            else None
        )
        self._accept = accept

    def check(self, token: object) -> AgeStatus:
        """What the token says, or `TokenRefused`. Blocks only while keys or a status list are fetched."""
        claims = self._check.check(token)
        if self._status is not None:
            self._status.check(claims)
        return self._accepted(claims)

    async def check_async(self, token: object) -> AgeStatus:
        """The same, without blocking the event loop."""
        claims = await self._check.check_async(token)
        if self._status is not None:
            await self._status.check_async(claims)
        return self._accepted(claims)

    def _accepted(self, claims: Claims) -> AgeStatus:
        if claims["age_decision"] not in self._accept:
            raise TokenRefused(Reason.DECISION_NOT_ACCEPTED)
        return AgeStatus.of(claims)
