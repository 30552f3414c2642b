"""A token signed while its grant is made durable: the loop would only wait then, and the caller waits less.

It is handed out for that very grant alone, after the commit, and only if the key that signed it still signs; whoever
cannot have it signs anew.
"""

from agegate.flows.issue_token import Grant
from agegate.flows.sign_up import SignedUp
from agegate.signing.signer import Signer
from agegate.signing.verify import Kind


class TokenAhead:
    """At most one token, of the grant that came last."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._grant: Grant | None = None
        self._token: str | None = None

    def __call__(self, done: object) -> None:
        """Signs for a signup that came with a grant."""
        if isinstance(done, SignedUp) and done.grant is not None:
            self._token = self._signer.sign(Kind.AGE_STATUS, done.grant.claims)
            self._grant = done.grant

    def token_of(self, grant: Grant, signer: Signer) -> str | None:
        """The token, or None where another grant was given in the end, or another key signs by now."""
        return self._token if grant is self._grant and signer.key is self._signer.key else None
