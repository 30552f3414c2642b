"""What a holder's deletion may say: how many it deleted, what it has to keep and why, or that it deletes nothing.

Owns the words and the JSON that agegate takes. Sending it is `purge_work`'s business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Kept:
    """A category that is kept in spite of the order, by which law, and until which day where that is known."""

    category: str
    legal_basis: str
    until: date | None = None

    def __post_init__(self) -> None:
        if not (self.category and self.legal_basis.strip()):
            raise ValueError("what is kept needs its category and its legal basis")

    @property
    def body(self) -> dict[str, str]:
        """As agegate takes it."""
        told = {"category": self.category, "legal_basis": self.legal_basis}
        return told | ({"until": self.until.isoformat()} if self.until else {})


@dataclass(frozen=True, slots=True)
class Deleted:
    """Done: how many per category. What had to stay is named beside it."""

    counts: Mapping[str, int] = field(default_factory=dict)
    exceptions: Sequence[Kept] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was deleted, and everything that is kept has its legal basis."""

    exceptions: Sequence[Kept]

    def __post_init__(self) -> None:
        if not self.exceptions:
            raise ValueError("a refusal names what is kept, and by which law")


Answer = Mapping[str, int] | Deleted | Refused
"""Bare counts say the same as `Deleted(counts)`."""


def leg_body(answer: Answer, completed_at: str) -> dict[str, object]:
    """The confirmation."""
    if isinstance(answer, Refused):
        told: dict[str, object] = {"status": "refused", "completed_at": completed_at}
        return told | {"exceptions": [kept.body for kept in answer.exceptions]}
    done = answer if isinstance(answer, Deleted) else Deleted(answer)
    told = {"status": "completed", "completed_at": completed_at, "counts": dict(done.counts)}
    return told | ({"exceptions": [kept.body for kept in done.exceptions]} if done.exceptions else {})
