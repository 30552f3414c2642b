"""Where two countries are plausible, the stricter answer stands."""

from datetime import date

import pytest

from agegate.rules.assurance import Assurance
from agegate.rules.decision import Allowed, Blocked, ConsentRequired, Decision, Reason, stricter

ONE, TWO = Reason("DE-one", "a"), Reason("FR-two", "b")
ALLOWED = Allowed((ONE,), "plain@1")
ASKED = ConsentRequired(Assurance.EMAIL, False, date(2030, 1, 1), (ONE,), "plain@1")
BLOCKED = Blocked(date(2028, 1, 1), (ONE,), "plain@1")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (ALLOWED, ASKED, ASKED),
        (ASKED, BLOCKED, BLOCKED),
        (ALLOWED, BLOCKED, BLOCKED),
        (ALLOWED, Allowed((TWO,), "plain@1"), Allowed((ONE, TWO), "plain@1")),
        (ALLOWED, ALLOWED, ALLOWED),
        (
            BLOCKED,
            Blocked(date(2031, 1, 1), (TWO,), "plain@1"),
            Blocked(date(2031, 1, 1), (ONE, TWO), "plain@1"),
        ),
        (BLOCKED, Blocked(None, (TWO,), "plain@1"), Blocked(None, (ONE, TWO), "plain@1")),
        (
            ASKED,
            ConsentRequired(Assurance.VERIFIED, True, date(2029, 1, 1), (TWO,), "plain@1"),
            ConsentRequired(Assurance.VERIFIED, True, date(2030, 1, 1), (ONE, TWO), "plain@1"),
        ),
    ],
)
def test_the_stricter_of_two_answers_stands(one: Decision, other: Decision, expected: Decision) -> None:
    assert stricter(one, other) == expected


@pytest.mark.parametrize("pair", [(ALLOWED, ASKED), (ASKED, BLOCKED), (ALLOWED, BLOCKED)])
def test_the_order_of_the_places_does_not_matter(pair: tuple[Decision, Decision]) -> None:
    assert stricter(*pair) == stricter(*reversed(pair))
