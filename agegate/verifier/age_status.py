"""What a verified token says about a person, as a value.

Owns the reading of claims that were already verified. Decides nothing: whether a decision is acceptable is
the verifier's question, and what an age permits is the downstream service's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from agegate.clock import from_epoch
from agegate.signing.verify import Claims

AGE_OVER = "age_over_"


@dataclass(frozen=True, slots=True)
class AgeStatus:
    """Who may come in and why. Its repr names nobody."""

    subject: str = field(repr=False)
    decision: str
    over: Mapping[int, bool]
    method: str
    policy: str
    consent: str | None = field(repr=False)
    expires_at: datetime
    environment: str

    @classmethod
    def of(cls, claims: Claims) -> "AgeStatus":
        """The value of claims that `verify` gave; their types are known from there."""
        over = {int(name[len(AGE_OVER) :]): value is True for name, value in claims.items() if AGE_OVER in name}
        consent = claims.get("consent")
        return cls(
            subject=str(claims["sub"]),
            decision=str(claims["age_decision"]),
            over=MappingProxyType(over),
            method=str(claims["age_method"]),
            policy=str(claims["policy"]),
            consent=None if consent is None else str(consent),
            expires_at=from_epoch(int(str(claims["exp"]))),
            environment="test" if "environment" in claims else "production",
        )

    def is_over(self, age: int) -> bool:
        """Whether the token says so. A threshold that it does not name is not reached."""
        return self.over.get(age, False)
