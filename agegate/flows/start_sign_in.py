"""Start a guardian's sign-in at a provider: bound to one request and one browser, for a quarter of an hour.

Shows nothing about anybody yet. The way back is `take_sign_in.py`; talking to the provider is `remote`'s business.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agegate.entropy import Entropy, new_id
from agegate.rules.consent import OPEN
from agegate.rules.errors import AgeGateError, AlreadyAnswered, LinkUnknown, RequestExpired
from agegate.signing.sign_in_secrets import SignInSecrets
from agegate.store.consents import request_by_id
from agegate.store.digests import Digests
from agegate.store.sign_ins import begin_sign_in, forget_sign_ins
from agegate.store.transaction import Transaction

COME_BACK_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class OpenSignIn:
    """A sign-in that has begun, with what only we and the provider get to know."""

    request: str
    provider: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StartSignIn:
    """The way out."""

    parts: SignInSecrets
    digests: Digests
    entropy: Entropy

    def __call__(
        self, tx: Transaction, request: str, provider: str, browser: str, now: datetime
    ) -> OpenSignIn | AgeGateError:
        """The sign-in, while the question is open. `browser` is the guardian's cookie."""
        asked = request_by_id(tx, request)
        if asked is None:
            return LinkUnknown()
        if asked.state not in OPEN:
            return AlreadyAnswered()
        if asked.expires_at <= now:
            return RequestExpired()
        forget_sign_ins(tx, now)
        row = new_id(self.entropy, now)
        begin_sign_in(
            tx,
            {
                "id": row,
                "request_id": request,
                "provider": provider,
                "browser_digest": self.digests.reference("browser", browser),
                "expires_at": now + COME_BACK_WITHIN,
            },
        )
        return self.of(row, request, provider)

    def of(self, row: str, request: str, provider: str) -> OpenSignIn:
        """The same again on the way back: everything follows from the row."""
        parts = self.parts
        return OpenSignIn(request, provider, parts.state(row), parts.nonce(row), parts.code_verifier(row))
