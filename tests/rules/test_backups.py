"""Until when a backup may hold what was purged: the end of the wrapping key's month, and 35 days."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from agegate.rules.epochs import backups_clear_by


@pytest.mark.parametrize(
    ("ordered_at", "clear_by"),
    [
        (datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC)),  # the first instant of a month
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC)),  # its last
        (datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 2, 5, tzinfo=UTC)),  # over the end of a year
        (datetime(2028, 1, 31, tzinfo=UTC), datetime(2028, 3, 7, tzinfo=UTC)),  # through a leap month
        (datetime(2026, 12, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), datetime(2027, 1, 5, tzinfo=UTC)),
    ],
)
def test_backups_are_clear_a_backups_life_after_the_months_end(ordered_at: datetime, clear_by: datetime) -> None:
    assert backups_clear_by(ordered_at) == clear_by
