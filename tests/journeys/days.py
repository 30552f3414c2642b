"""The worker's look at what comes, on a day that a test names."""

from datetime import UTC, datetime

from agegate.entropy import new_id
from agegate.flows.due import Due
from agegate.flows.look_ahead import FIRST
from agegate.store import agenda
from tests.houses import Home


def look(home: Home, *at: int) -> None:
    """The worker's look on a day (noon), and what it brings about."""
    if at:
        home.clock.now = datetime(*at, hour=12, tzinfo=UTC)  # type: ignore[misc, arg-type]  # year, month, day
    now = home.clock()
    row = new_id(home.house.entropy, now)
    home.house.store.write_now(lambda tx: agenda.put(tx, row, Due.REVIEW, FIRST, now))
    home.work()
