"""The life of a signing key: next, active, retired, revoked.

Owns how a state follows from a key's dates at an instant, so that no process has to flip anything and none can lag.
Leaves keeping the dates to the store, and when to rotate to the flows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SHORTEST_LEAD = timedelta(seconds=5)
"""Every process reads the keys at least once a second, so within this time all of them publish a new one."""

USUAL_LEAD = timedelta(hours=24)
PUBLISHED_AFTER = timedelta(minutes=30)
"""How long a retired key stays in the JWKS: the longest token (15 minutes), the longest cache of it (5), and slack."""


class KeyState(StrEnum):
    """Where a key stands. Only the active one signs; a revoked one counts nowhere any more."""

    NEXT = "next"
    ACTIVE = "active"
    RETIRED = "retired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class KeyDates:
    """What is kept of a key's life. The generations of an installation are numbered without reuse."""

    kid: str
    generation: int
    published_at: datetime
    active_from: datetime
    revoked_at: datetime | None

    @property
    def ever_signs(self) -> bool:
        """Whether its time comes at all: not for a key that was revoked before."""
        return self.revoked_at is None or self.active_from <= self.revoked_at


@dataclass(frozen=True, slots=True)
class Standing:
    """A key's state at an instant, and when its successor took over or will."""

    state: KeyState
    retired_at: datetime | None

    def is_published(self, now: datetime) -> bool:
        """Whether the JWKS of that instant lists it: from before its first use until nothing it signed still lives."""
        if self.state is KeyState.RETIRED:
            return self.retired_at is not None and now < self.retired_at + PUBLISHED_AFTER
        return self.state is not KeyState.REVOKED


def standings(keys: Iterable[KeyDates], now: datetime) -> Mapping[str, Standing]:
    """Where each key stands at that instant, by kid, the newest generation first.

    A revoked key does not give its place back to the one before it: without a successor nothing signs.
    """
    found: dict[str, Standing] = {}
    taken_over: datetime | None = None
    for key in sorted(keys, key=lambda key: key.generation, reverse=True):
        found[key.kid] = Standing(_state(key, taken_over, now), taken_over)
        if key.ever_signs:
            taken_over = key.active_from if taken_over is None else min(taken_over, key.active_from)
    return found


def _state(key: KeyDates, taken_over: datetime | None, now: datetime) -> KeyState:
    if key.revoked_at is not None:
        return KeyState.REVOKED
    if taken_over is not None and taken_over <= now:
        return KeyState.RETIRED
    return KeyState.NEXT if now < key.active_from else KeyState.ACTIVE
