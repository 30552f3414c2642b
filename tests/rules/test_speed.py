"""How fast the judgement is, on the full table."""

from collections.abc import Callable
from datetime import date, timedelta
from time import perf_counter

from pytest_benchmark.fixture import BenchmarkFixture

from agegate.law.loader import load_law, shipped_profiles
from agegate.rules.birth_date import BirthDate
from agegate.rules.decision import decide
from agegate.rules.place import Place
from tests.rules.samples import TODAY

FLOOR = 300_000
"""Calls a second; a quarter of what an idle core does."""

CALLS = 10_000


def judging() -> Callable[[], None]:
    """Ten thousand people of all ages from every place in the table, asked one by one."""
    law = load_law()
    profiles = list(shipped_profiles(law).values())
    places = list(dict.fromkeys(Place(row.country, row.region) for row in law.rows))
    people = [BirthDate(date(1990, 1, 1) + timedelta(days=1.3 * n)) for n in range(CALLS)]
    asked = [(profiles[n % 4], person, places[n % len(places)]) for n, person in enumerate(people)]

    def judge() -> None:
        for profile, person, place in asked:
            decide(profile, law, person, place, TODAY)

    return judge


def fastest(act: Callable[[], object], rounds: int) -> float:
    """Seconds of the quickest round: the others were disturbed by something else."""
    spent = []
    for _ in range(rounds):
        started = perf_counter()
        act()
        spent.append(perf_counter() - started)
    return min(spent)


def test_a_day_of_signups_is_judged_without_a_thought(benchmark: BenchmarkFixture) -> None:
    judge = judging()
    judge()
    benchmark(judge)
    assert CALLS / fastest(judge, rounds=7) > FLOOR


def test_the_table_is_loaded_before_anybody_notices(benchmark: BenchmarkFixture) -> None:
    benchmark(load_law)
    assert fastest(load_law, rounds=3) < 0.150
