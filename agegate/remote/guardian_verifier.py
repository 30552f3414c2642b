"""What every way of showing an adult has in common: where the guardian is sent, and what comes back.

Owns the protocol and the outcomes. Names no library: `guardian_oidc` speaks OpenID Connect, `guardian_webhook` reads
signed results. What an outcome leads to is a flow's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from agegate.rules.guardian_proof import GuardianMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One sign-in: what the provider gets to see of it, and what only we know. Never names a person."""

    request: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    redirect_uri: str
    back_to: str
    """Our page, for a verifier that sends the guardian back without a result."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An adult was shown. `reference` lets the provider's own record be found again; it names nobody by itself."""

    method: GuardianMethod
    provider: str
    reference: str = field(repr=False)


class Reason(StrEnum):
    """Why nobody was shown; for the sentence on the page, never stored with a person."""

    REFUSED = "refused"
    """The guardian or the provider ended the sign-in."""

    NOT_ADULT = "not_adult"
    """What came does not show an adult."""

    FORGED = "forged"
    """What came is not what this sign-in asked for."""

    UNREACHABLE = "unreachable"
    """The provider did not answer."""


@dataclass(frozen=True, slots=True)
class NotShown:
    """Nobody was shown. `detail` is a code for the log."""

    reason: Reason
    detail: str


class GuardianVerifier(Protocol):
    """Somebody outside who can tell that a guardian is an adult, and to whose page the guardian is sent."""

    @property
    def name(self) -> str:
        """The provider's name in the settings."""

    @property
    def label(self) -> str:
        """What the guardian reads."""

    def serves(self, service: str) -> bool:
        """Whether guardians of that service may use it."""

    async def begin(self, sign_in: SignIn, now: datetime) -> str | NotShown:
        """Where the guardian's browser goes."""

    async def finish(
        self, sign_in: SignIn, came_back: Mapping[str, str], today: date, now: datetime
    ) -> Shown | NotShown:
        """What came of it, by the query that the browser came back with. `today` is the day where the child lives."""
