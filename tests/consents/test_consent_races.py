"""A small number of the races; `make races` runs them all."""

import pytest

from tests.consents.races import PAIRS, run
from tests.houses import Home


@pytest.mark.parametrize("pair", PAIRS)
def test_of_two_who_come_at_once_exactly_one_counts(home: Home, pair: str) -> None:
    found = run(home, pair, 12)
    assert (found.rounds, found.broken) == (12, [])
