"""Where a key stands, instant by instant, told by its dates alone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agegate.signing.key_states import PUBLISHED_AFTER, KeyDates, KeyState, standings
from tests.signing.forging import NOW

NEXT, ACTIVE, RETIRED, REVOKED = KeyState.NEXT, KeyState.ACTIVE, KeyState.RETIRED, KeyState.REVOKED


def key(generation: int, active: float, revoked: float | None = None) -> KeyDates:
    """A key by hours from now."""
    ended = None if revoked is None else NOW + timedelta(hours=revoked)
    begins = NOW + timedelta(hours=active)
    return KeyDates(f"k{generation}", generation, begins - timedelta(hours=24), begins, ended)


@pytest.mark.parametrize(
    ("keys", "states"),
    [
        ([key(1, -1)], [ACTIVE]),
        ([key(1, 0)], [ACTIVE]),
        ([key(1, -9), key(2, 1)], [ACTIVE, NEXT]),
        ([key(1, -9), key(2, 0)], [RETIRED, ACTIVE]),
        ([key(1, -9), key(2, -5), key(3, -1), key(4, 3)], [RETIRED, RETIRED, ACTIVE, NEXT]),
        ([key(1, -9, revoked=-1)], [REVOKED]),
        ([key(1, -9), key(2, 5, revoked=-1)], [ACTIVE, REVOKED]),  # a next key that never signed
        ([key(1, -9), key(2, -5, revoked=-1)], [RETIRED, REVOKED]),  # nobody gets a place back
        ([key(1, -9), key(2, -1, revoked=-1), key(3, -1)], [RETIRED, REVOKED, ACTIVE]),
        ([key(1, -9), key(2, 0, revoked=0), key(3, 0)], [RETIRED, REVOKED, ACTIVE]),  # all in one instant
    ],
)
def test_states_follow_from_the_dates(keys: list[KeyDates], states: list[KeyState]) -> None:
    found = standings(reversed(keys), NOW)
    assert [found[each.kid].state for each in keys] == states


@pytest.mark.parametrize(
    ("keys", "published"),
    [
        ([key(1, -9), key(2, 5)], {"k1", "k2"}),  # the next one before its first use
        ([key(1, -9), key(2, -0.4)], {"k1", "k2"}),  # the old one while its tokens live
        ([key(1, -9), key(2, -0.5)], {"k2"}),
        ([key(1, -9), key(2, -1, revoked=0), key(3, 0)], {"k3"}),
    ],
)
def test_what_may_verify_is_published(keys: list[KeyDates], published: set[str]) -> None:
    assert {kid for kid, standing in standings(keys, NOW).items() if standing.is_published(NOW)} == published


@given(st.lists(st.integers(1, 500), min_size=1, max_size=12), st.integers(0, 4000))
def test_of_keys_that_follow_each_other_at_most_one_signs_and_it_is_published(gaps: list[int], hour: int) -> None:
    begins = [-1.0 * sum(gaps[:place]) for place in range(len(gaps))]
    keys = [key(place, active) for place, active in enumerate(reversed(begins))]
    found = standings(keys, NOW - timedelta(hours=hour))
    active = [standing for standing in found.values() if standing.state is ACTIVE]
    assert len(active) <= 1
    assert all(standing.is_published(NOW) for standing in active)
    assert timedelta(minutes=20) <= PUBLISHED_AFTER
