"""A no to the question that comes a moment after the other guardian's yes: it ends nothing until it is said again."""

import pytest

from agegate.rules.consent import Answer, RequestState
from agegate.rules.errors import AgeGateError, AlreadyAnswered
from tests.consents.races import answering, says
from tests.houses import Home
from tests.journeys.people import SIXTEEN, ask_guardian, decision, notice, sign_up


@pytest.fixture
def two_asked(home: Home) -> tuple[str, str]:
    """A minor with two guardians, of whom the first has just said yes."""
    sign_up(home, "alex", SIXTEEN, assent=notice(home))
    first, second = (ask_guardian(home, guardian=who) for who in ("one@example.org", "two@example.org"))
    assert says(first, Answer.GRANT)(home.house) == RequestState.GRANTED
    return first, second


def test_a_no_that_meets_a_superseded_question_ends_no_consent(home: Home, two_asked: tuple[str, str]) -> None:
    told = says(two_asked[1], Answer.DECLINE)(home.house)
    assert (isinstance(told, AlreadyAnswered), decision(home, "alex")) == (True, "consented")


def refuses(home: Home, request: str) -> RequestState | AgeGateError:
    """The refusal on the page that says that another guardian agreed."""
    flow, now = answering(home.house), home.clock()
    return home.house.store.write_now(lambda tx: flow.refuse(tx, request, now))


def test_only_the_refusal_of_its_own_ends_it(home: Home, two_asked: tuple[str, str]) -> None:
    first, second = (refuses(home, request) for request in two_asked)
    assert (isinstance(first, AlreadyAnswered), second) == (True, RequestState.WITHDRAWN)
    assert decision(home, "alex") == "consent_required"


def test_refusing_again_later_is_the_same_as_once(home: Home, two_asked: tuple[str, str]) -> None:
    told = [refuses(home, two_asked[1])]
    home.clock.move(hours=1)
    assert [*told, refuses(home, two_asked[1])] == [RequestState.WITHDRAWN] * 2
