"""Sign-ins are taken once, in time, in their own browser; their secrets follow from their row."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agegate.flows.start_sign_in import OpenSignIn, StartSignIn
from agegate.flows.take_sign_in import Returned, TakeSignIn
from agegate.rules.errors import AgeGateError, AlreadyAnswered, LinkUnknown, RequestExpired, SignInOver
from agegate.signing.sign_in_secrets import SignInSecrets
from tests.houses import Home
from tests.journeys.people import answer, ask_guardian, waiting_minor

PARTS = SignInSecrets(b"k" * 32)


def start(home: Home, request: str, browser: str = "cookie-1") -> OpenSignIn | AgeGateError:
    flow, now = StartSignIn(home.house.sign_ins, home.house.digests, home.house.entropy), home.clock()
    return home.house.store.write_now(lambda tx: flow(tx, request, "id", browser, now))


def take(home: Home, state: str, request: str, browser: str = "cookie-1") -> Returned | SignInOver:
    flow = TakeSignIn(StartSignIn(home.house.sign_ins, home.house.digests, home.house.entropy))
    now = home.clock()
    return home.house.store.write_now(lambda tx: flow(tx, state, request, browser, now))


@pytest.fixture
def asked(home: Home) -> str:
    waiting_minor(home)
    return ask_guardian(home)


@pytest.fixture
def begun(home: Home, asked: str) -> OpenSignIn:
    one = start(home, asked)
    assert isinstance(one, OpenSignIn)
    return one


def test_what_comes_back_is_what_went_out(home: Home, asked: str, begun: OpenSignIn) -> None:
    back = take(home, begun.state, asked)
    assert isinstance(back, Returned)
    assert back.sign_in == begun


def test_a_sign_in_comes_back_once(home: Home, asked: str, begun: OpenSignIn) -> None:
    take(home, begun.state, asked)
    assert isinstance(take(home, begun.state, asked), SignInOver)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda state: state[:-1] + ("A" if state[-1] != "A" else "B"),
        lambda state: state.partition(".")[0],
        lambda state: state[:0],
        lambda state: state + "x",
    ],
)
def test_a_state_that_we_did_not_make_opens_nothing(
    home: Home, asked: str, begun: OpenSignIn, spoil: Callable[[str], str]
) -> None:
    assert isinstance(take(home, spoil(begun.state), asked), SignInOver)
    assert isinstance(take(home, begun.state, asked), Returned)


def test_another_browser_or_request_brings_nothing_back(home: Home, asked: str, begun: OpenSignIn) -> None:
    waiting_minor(home, "kim")
    other = ask_guardian(home, "kim")
    assert isinstance(take(home, begun.state, asked, "cookie-2"), SignInOver)
    assert isinstance(take(home, begun.state, other), SignInOver)


def test_a_sign_in_is_over_after_a_quarter_of_an_hour(home: Home, asked: str, begun: OpenSignIn) -> None:
    home.clock.move(minutes=15)
    assert isinstance(take(home, begun.state, asked), SignInOver)


def test_a_second_sign_in_ends_the_first(home: Home, asked: str, begun: OpenSignIn) -> None:
    home.clock.move(minutes=1)
    start(home, asked)
    assert isinstance(take(home, begun.state, asked), SignInOver)


def test_nothing_of_a_sign_in_stays(home: Home, asked: str, begun: OpenSignIn) -> None:
    take(home, begun.state, asked)
    assert home.rows()["sign_ins"] == 0


def test_a_purge_takes_the_sign_in_with_it(home: Home, asked: str, begun: OpenSignIn) -> None:
    answer(home, "decline")
    assert home.rows()["sign_ins"] == 0
    assert isinstance(take(home, begun.state, asked), SignInOver)


def test_no_sign_in_begins_for_a_question_that_is_over(home: Home, asked: str) -> None:
    assert isinstance(start(home, "gone"), LinkUnknown)
    home.clock.move(days=7)
    assert isinstance(start(home, asked), RequestExpired)


def test_no_sign_in_begins_for_a_question_that_was_answered(home: Home, asked: str) -> None:
    answer(home, "grant")
    assert isinstance(start(home, asked), AlreadyAnswered)


@given(row=st.text(st.characters(codec="ascii", exclude_characters="."), min_size=1), other=st.text())
def test_a_state_leads_to_its_row_alone(row: str, other: str) -> None:
    assert PARTS.row_of(PARTS.state(row)) == row
    assert PARTS.row_of(other) is None


def test_no_part_of_a_sign_in_stands_for_another() -> None:
    parts = {PARTS.state("r").partition(".")[2], PARTS.nonce("r"), PARTS.code_verifier("r"), PARTS.nonce("s")}
    assert len(parts) == 4
    assert "k" * 32 not in repr(PARTS)
