"""A few of the forged confirmations; `make purge-storm` draws a thousand."""

from tests.houses import Home
from tests.web.forged_confirmations import FORGERIES, run


def test_no_forged_replayed_swapped_or_foreign_confirmation_closes_a_leg(home: Home) -> None:
    found = run(home, 2 * len(FORGERIES))
    assert (found.rounds, found.closed) == (2 * len(FORGERIES), 0)
    assert set(found.taken) == {"a good confirmation once more"}
