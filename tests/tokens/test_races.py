"""A small number of the races; `make races` runs them all."""

from tests.houses import Home
from tests.tokens.races import run


def test_no_token_is_dated_after_a_withdrawal_or_outlives_it(home: Home) -> None:
    found = run(home, 60)
    assert (found.late, found.still_valid) == (0, 0)
    assert found.rounds == 60


def test_the_races_were_close(home: Home) -> None:
    found = run(home, 30)
    assert min(found.given, found.refused, found.first[True], found.first[False]) > 10
