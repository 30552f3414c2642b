"""The check of one token of one kind, sync and async, with keys fetched when they are needed.

Owns when a token is worth a fetch. Leaves the strict check itself to `agegate.signing.verify` and the
fetching to `key_cache`. Whether the token was taken back is `status_check`'s question.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agegate.signing.verify import Claims, Kind, Reason, TokenRefused, verify
from agegate.verifier.key_cache import KeyCache


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """Gives the claims of good tokens and raises `TokenRefused` for everything else."""

    kind: Kind
    issuer: str
    audience: str
    accept_test: bool
    keys: KeyCache
    clock: Callable[[], datetime]

    def check(self, token: object) -> Claims:
        """Blocks only while keys are fetched."""
        now = self.clock()
        claims = self._first_look(token, now)
        if claims is None:
            self.keys.refresh(now)
            claims = self._judge(token, now)
        return claims

    async def check_async(self, token: object) -> Claims:
        """The same, without blocking the event loop."""
        now = self.clock()
        claims = self._first_look(token, now)
        if claims is None:
            await self.keys.refresh_soon(now)
            claims = self._judge(token, now)
        return claims

    def _first_look(self, token: object, now: datetime) -> Claims | None:
        """The claims if no network is needed for them, or None where new keys might change the answer."""
        if not self.keys.may_fetch(now):
            return self._judge(token, now)
        if self.keys.is_worth_fetching(now):
            return None
        try:
            return self._judge(token, now)
        except TokenRefused as refused:
            if refused.reason is Reason.UNKNOWN_KEY:
                return None
            raise

    def _judge(self, token: object, now: datetime) -> Claims:
        keys = self.keys.at(now)
        if keys is None:
            raise TokenRefused(Reason.KEYS_UNAVAILABLE)
        return verify(
            token,
            keys,
            kind=self.kind,
            issuer=self.issuer,
            audience=self.audience,
            now=now,
            accept_test=self.accept_test,
        )
