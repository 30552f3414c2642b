"""The only wall clock of the project.

Owns reading the time and writing it down (RFC 3339, UTC). Everything below a flow gets the instant as a value
and leaves the reading of clocks to its caller.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

Clock = Callable[[], datetime]

utc_now: Final[Clock] = partial(datetime.now, UTC)
"""The current instant, aware, in UTC."""


def rfc3339(at: datetime) -> str:
    """An instant as the API writes it: UTC, whole seconds, `Z` (RFC 3339 section 5.6)."""
    utc = at.astimezone(UTC)
    return f"{utc.date().isoformat()}T{utc.time().isoformat('seconds')}Z"


def from_epoch(seconds: int) -> datetime:
    """The instant of a JWT NumericDate (RFC 7519 section 2)."""
    return datetime.fromtimestamp(seconds, UTC)
