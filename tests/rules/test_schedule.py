"""The schedule of deliveries, step by step."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agegate.rules.schedule import next_attempt_after


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (0, timedelta(0)),
        (1, timedelta(seconds=5)),
        (2, timedelta(minutes=5)),
        (3, timedelta(minutes=30)),
        (4, timedelta(hours=2)),
        (5, timedelta(hours=5)),
        (6, timedelta(hours=10)),
        (7, timedelta(hours=14)),
        (8, timedelta(hours=20)),
        (9, timedelta(hours=24)),
        (10, None),  # ten attempts were made
        (99, None),
    ],
)
def test_each_attempt_waits_longer_until_the_last(attempts: int, wait: timedelta | None) -> None:
    assert next_attempt_after(attempts, 0.5) == wait


@pytest.mark.parametrize("attempts", [9, 10, 1000])
def test_an_obligation_is_tried_every_day_for_ever(attempts: int) -> None:
    assert next_attempt_after(attempts, 0.5, obligation=True) == timedelta(hours=24)


def test_all_attempts_together_take_75_hours_and_35_minutes() -> None:
    waits = [next_attempt_after(attempts, 0.5) or timedelta(0) for attempts in range(10)]
    assert sum(waits, timedelta(0)) == timedelta(hours=75, minutes=35, seconds=5)


@pytest.mark.parametrize(("jitter", "wait"), [(0.0, 4), (0.25, 4.5), (0.5, 5), (1.0, 6)])
def test_jitter_moves_a_wait_by_a_fifth_at_most(jitter: float, wait: float) -> None:
    assert next_attempt_after(1, jitter) == timedelta(seconds=wait)


@given(st.integers(min_value=1, max_value=9), st.floats(0, 1))
def test_no_wait_leaves_its_fifth(attempts: int, jitter: float) -> None:
    planned, wait = next_attempt_after(attempts, 0.5), next_attempt_after(attempts, jitter)
    assert planned is not None
    assert wait is not None
    assert abs(wait - planned) <= planned * 0.2


@pytest.mark.parametrize("jitter", [-0.01, 1.01, float("nan")])
def test_jitter_outside_its_range_is_a_mistake_of_the_caller(jitter: float) -> None:
    with pytest.raises(ValueError, match=r"^jitter must be between 0 and 1$"):
        next_attempt_after(1, jitter)
