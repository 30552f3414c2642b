"""Any order of moves, on a real table: the store lets through exactly what the table of transitions allows."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agegate.rules.consent import OPEN, TRANSITIONS, RequestState
from agegate.store.consents import move_request, note_request, request_by_id
from agegate.store.transaction import Transaction
from tests.houses import Home
from tests.journeys.people import ask_guardian, waiting_minor

MOVES = st.lists(st.tuples(st.sampled_from(sorted(TRANSITIONS)), st.booleans()), max_size=8)


@pytest.fixture
def asked(sqlite_home: Home) -> tuple[Home, str]:
    """A pending request."""
    waiting_minor(sqlite_home)
    return sqlite_home, ask_guardian(sqlite_home)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_the_store_moves_as_the_table_says(asked: tuple[Home, str], moves: Sequence[tuple[RequestState, bool]]) -> None:
    home, request = asked
    now = home.clock()

    def walk(tx: Transaction) -> None:
        note_request(tx, request, {"state": RequestState.PENDING, "expires_at": now + timedelta(days=1)})
        state = RequestState.PENDING
        for to, late in moves:
            at = now + timedelta(days=1) if late else now
            allowed = state in TRANSITIONS[to] and not late
            assert move_request(tx, request, to, {"decided_at": at}, before=at) is allowed
            state = to if allowed else state
            found = request_by_id(tx, request)
            assert found is not None
            assert found.state == state

    home.house.store.write_now(walk)


@pytest.mark.parametrize("state", sorted(set(RequestState) - OPEN - {RequestState.GRANTED}))
def test_what_is_settled_takes_no_move_at_all(asked: tuple[Home, str], state: RequestState) -> None:
    home, request = asked

    def walk(tx: Transaction) -> list[bool]:
        note_request(tx, request, {"state": state})
        return [move_request(tx, request, to, {}) for to in TRANSITIONS]

    assert not any(home.house.store.write_now(walk))
