"""The journeys of people through the whole service, over HTTP."""

import pytest

from tests.houses import Home
from tests.journeys.people import (
    ADULT,
    FIFTEEN,
    TWELVE,
    answer,
    ask_guardian,
    consented_minor,
    decision,
    sign_up,
    token,
    waiting_minor,
    withdraw,
)


def test_an_adult_is_allowed_at_once(home: Home) -> None:
    reply = sign_up(home, "sam", ADULT, audience="chat")
    assert (reply.status_code, reply.json()["decision"]) == (201, "allowed")


def test_a_child_under_fourteen_is_blocked(home: Home) -> None:
    assert sign_up(home, "kim", TWELVE).json()["decision"] == "blocked"


@pytest.mark.parametrize(("country", "wanted"), [("DE", "blocked"), ("ES", "allowed"), ("US", "allowed")])
def test_fifteen_means_something_else_in_each_country(home: Home, country: str, wanted: str) -> None:
    assert sign_up(home, "robin", FIFTEEN, country, "scan").json()["decision"] == wanted


def test_a_minor_is_admitted_once_minor_and_guardian_agreed(home: Home) -> None:
    consented_minor(home)
    assert (decision(home, "alex"), token(home, "alex").status_code) == ("consented", 201)


def test_a_guardians_no_purges_at_once(home: Home) -> None:
    waiting_minor(home)
    ask_guardian(home)
    assert answer(home, "decline").status_code == 200
    assert decision(home, "alex") == "purged"


def test_a_withdrawal_shuts_at_once_and_deletes_after_the_grace(home: Home) -> None:
    consented_minor(home)
    assert withdraw(home, "withdraw").status_code == 200
    assert token(home, "alex").status_code == 403
    home.clock.move(days=3, minutes=1)
    home.work()
    assert decision(home, "alex") == "purged"


def test_delete_now_deletes_now(home: Home) -> None:
    consented_minor(home)
    assert withdraw(home, "delete_now").status_code == 200
    assert decision(home, "alex") == "purged"


def test_silence_is_a_no(home: Home) -> None:
    waiting_minor(home)
    ask_guardian(home)
    home.clock.move(days=7, minutes=1)
    home.work()
    assert decision(home, "alex") == "purged"
