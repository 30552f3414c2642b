"""How often a mailbox may be written to unasked, by all services together.

Owns the limits and their judgement. What a guardian's own act is answered with (receipts, second confirmations) is
not counted and not limited.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

LIMITS: Final = ((timedelta(minutes=10), 1), (timedelta(days=1), 3), (timedelta(days=30), 10))
"""Within each span, at most so many mails."""

REMEMBERED_FOR: Final = max(span for span, _ in LIMITS)
SUPPRESSED_FOR: Final = timedelta(days=3 * 365)


def may_write(written: Sequence[datetime], now: datetime) -> bool:
    """Whether one more unasked mail keeps every limit."""
    return all(sum(now - at < span for at in written) < most for span, most in LIMITS)


def still_counting(written: Sequence[datetime], now: datetime) -> list[datetime]:
    """Those that a limit still counts."""
    return [at for at in written if now - at < REMEMBERED_FOR]
