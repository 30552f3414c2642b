"""A "no" is remembered afresh when a consent ends: long after the signup, under the names that we know then."""

from collections.abc import Callable

import pytest

from tests.houses import Home
from tests.journeys.people import ADULT, SIXTEEN, TWELVE, answer, ask_guardian, notice, sign_up, withdraw

CHILD, DEVICE = "child@example.org", "d" * 32


def refused(home: Home) -> None:
    answer(home, "decline")


def expired(home: Home) -> None:
    home.clock.move(days=7, minutes=1)
    home.work()


def taken_back(home: Home) -> None:
    answer(home, "grant")
    home.work()
    home.clock.move(days=4)
    withdraw(home, "withdraw")


def gone_after_the_grace(home: Home) -> None:
    taken_back(home)
    home.clock.move(days=3, minutes=1)
    home.work()


def deleted_at_once(home: Home) -> None:
    answer(home, "grant")
    home.work()
    home.clock.move(days=4)
    withdraw(home, "delete_now")


def assent_taken_back(home: Home) -> None:
    answer(home, "grant")
    home.work()
    home.clock.move(days=4)
    home.call("DELETE", "/v1/subjects/alex/assent", key=home.keys["game"])


ENDS = [refused, expired, taken_back, gone_after_the_grace, deleted_at_once, assent_taken_back]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: str(end.__name__))
@pytest.mark.parametrize("names", [{"email": CHILD}, {"device_digest": DEVICE}], ids=["address", "device"])
def test_a_child_whose_consent_ended_does_not_come_back_as_an_adult(
    home: Home, end: Callable[[Home], None], names: dict[str, object]
) -> None:
    sign_up(home, "alex", SIXTEEN, "US", "game", email=CHILD, device_digest=DEVICE, assent=notice(home))
    home.clock.move(days=4)
    ask_guardian(home)
    end(home)
    told = sign_up(home, "another", ADULT, "US", "game", **names).json()["decision"]
    home.clock.move(hours=72)
    later = sign_up(home, "a-third", ADULT, "US", "game", **names).json()["decision"]
    assert (told, later) == ("consent_required", "allowed")


def test_a_retry_does_not_lengthen_the_no_that_it_repeats(home: Home) -> None:
    sign_up(home, "kim", TWELVE, device_digest=DEVICE)
    home.clock.move(hours=71)
    before = sign_up(home, "kim", ADULT, device_digest=DEVICE).json()["decision"]
    home.clock.move(hours=1)
    assert (before, sign_up(home, "kim", ADULT, device_digest=DEVICE).json()["decision"]) == ("blocked", "allowed")


def test_a_retry_under_new_names_is_remembered_by_them_too(home: Home) -> None:
    sign_up(home, "kim", TWELVE, device_digest=DEVICE)
    sign_up(home, "second", ADULT, device_digest=DEVICE, email=CHILD)
    assert sign_up(home, "third", ADULT, email=CHILD).json()["decision"] == "blocked"


def test_a_no_is_known_to_its_own_service_only(home: Home) -> None:
    sign_up(home, "kim", TWELVE, device_digest=DEVICE, email=CHILD)
    assert sign_up(home, "kim", ADULT, "US", "scan", device_digest=DEVICE, email=CHILD).json()["decision"] == "allowed"


def test_what_an_admitted_account_tells_of_a_child_sticks_too(home: Home) -> None:
    sign_up(home, "sam", ADULT, email=CHILD)
    assert sign_up(home, "sam", TWELVE, device_digest=DEVICE).json()["decision"] == "restricted"
    assert sign_up(home, "second", ADULT, device_digest=DEVICE).json()["decision"] == "blocked"
