"""A yes, a ruling, a contest and silence at once: the subject ends in one way, and every record says the same."""

from tests.houses import Home
from tests.reports.case_races import ENDS, run


def test_of_all_who_decide_at_once_exactly_one_outcome_stands(home: Home) -> None:
    found = run(home, 8)
    assert found.fell == []
    assert (found.ends.total(), set(found.ends) - ENDS) == (8, set())
