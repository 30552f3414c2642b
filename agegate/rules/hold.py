"""Legal holds: for which reason data must be kept for a while, and how far a hold is."""

from datetime import timedelta
from enum import StrEnum

LONGEST_HOLD = timedelta(days=1096)
"""A hold without an end would be keeping for ever; whoever needs longer asks anew."""


class HoldReason(StrEnum):
    """Why. The words of the API; what else is to be said stands in the case that `reference` names."""

    LITIGATION = "litigation"
    REGULATOR = "regulator"
    LAW_ENFORCEMENT = "law_enforcement"
    INVESTIGATION = "investigation"


class HoldState(StrEnum):
    """A hold holds from the second person's approval until its end."""

    REQUESTED = "requested"
    ACTIVE = "active"
    ENDED = "ended"
