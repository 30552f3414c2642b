"""What one sign-in of a guardian carries: state, nonce and code verifier, derived from its row under a key.

Nothing of it is stored, so that a stolen database opens no sign-in. One part can never stand for another.
"""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256

from agegate.base64url import base64url_text


@dataclass(frozen=True, slots=True)
class SignInSecrets:
    """Derives the secrets of sign-ins; 256 bits each."""

    key: bytes = field(repr=False)

    def state(self, row: str) -> str:
        """What the provider gives back unseen: the row, and the proof that we made it."""
        return f"{row}.{self._part('state', row)}"

    def row_of(self, state: str) -> str | None:
        """The row of a state that we made, or None."""
        row = state.partition(".")[0]
        known = hmac.compare_digest(self.state(row).encode(), state.encode("utf-8", "surrogatepass"))
        return row if known else None

    def nonce(self, row: str) -> str:
        """What the ID token has to repeat."""
        return self._part("nonce", row)

    def code_verifier(self, row: str) -> str:
        """What only we know when the code is exchanged (RFC 7636)."""
        return self._part("code-verifier", row)

    def _part(self, kind: str, row: str) -> str:
        mac = hmac.digest(self.key, f"{kind}\x1f{row}".encode("utf-8", "surrogatepass"), sha256)
        return base64url_text(mac)
