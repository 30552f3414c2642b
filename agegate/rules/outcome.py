"""The three answers to a signup, each with its reasons.

Owns the values, their order of strictness and the joining of two. Who gets which is `decision.py`'s business.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, TypeAlias

from agegate.rules.assurance import Assurance


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that decided (a row of the law, a profile, or a mark such as `no_method`) and its source."""

    rule: str
    citation: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """Nobody else has to be asked."""

    reasons: tuple[Reason, ...]
    profile: str
    name: ClassVar[str] = "allowed"


@dataclass(frozen=True, slots=True)
class ConsentRequired:
    """A guardian has to consent first, and the minor to agree where `assent_needed`."""

    assurance: Assurance
    assent_needed: bool
    until: date | None = field(repr=False)
    """First day of another answer by today's rules. It tells the birth date: never store, log or send it."""

    reasons: tuple[Reason, ...]
    profile: str
    name: ClassVar[str] = "consent_required"


@dataclass(frozen=True, slots=True)
class Blocked:
    """No consent can lift this."""

    until: date | None = field(repr=False)
    """As above; None where only an age signal blocks, since nobody knows when it changes."""

    reasons: tuple[Reason, ...]
    profile: str
    name: ClassVar[str] = "blocked"


Decision: TypeAlias = Allowed | ConsentRequired | Blocked

_STRICTNESS = {Allowed.name: 0, ConsentRequired.name: 1, Blocked.name: 2}


def strictness(decision_name: str) -> int:
    """How strict an answer is; a name nobody knows counts as a block."""
    return _STRICTNESS.get(decision_name, _STRICTNESS[Blocked.name])
