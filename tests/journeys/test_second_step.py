"""E-mail plus, by mail and page: a yes counts once it is confirmed a day or two later; both can be taken back."""

from datetime import timedelta

import httpx
import pytest

from agegate.signing.letter_names import LetterKind
from agegate.signing.links import LinkKind
from tests.houses import Home
from tests.journeys.people import NONCE, answer, decision, link_in_last_mail, open_page, sign_up

CHILD = "2014-05-01"


@pytest.fixture
def agreed(home: Home) -> str:
    """A child of twelve whose guardian said yes once; the request's id."""
    home.register("kids", "coppa-general")
    told = sign_up(home, "kim", CHILD, service="kids").json()
    assert (told["decision"], told["consent"]["assurance"]) == ("consent_required", "email_plus")
    path = "/v1/subjects/kim/consent-requests"
    request = home.call("POST", path, {"guardian_email": "guardian@example.org"}, key=home.keys["kids"]).json()["id"]
    home.work()
    assert answer(home, "grant").status_code == 200
    return str(request)


def second_step(home: Home, request: str, choice: str | None) -> httpx.Response:
    """The form behind the second mail's link."""
    link = home.house.links.link(LinkKind.CONFIRM, request)
    cookie, page = open_page(home, f"/g/{link}")
    nonce = NONCE.search(page.text)
    if nonce is None:
        return page
    form = {"nonce": nonce[1]} | ({"answer": choice} if choice else {})
    return home.browse("POST", "/guardian/confirm", form, cookie)


def state(home: Home, request: str) -> str:
    path = f"/v1/subjects/kim/consent-requests/{request}"
    return str(home.call("GET", path, key=home.keys["kids"]).json().get("state"))


def test_a_first_yes_admits_nobody(home: Home, agreed: str) -> None:
    assert (state(home, agreed), decision(home, "kim", "kids")) == ("awaiting_confirmation", "consent_required")


def test_the_second_mail_comes_a_day_or_two_later_with_a_link_of_its_own(home: Home, agreed: str) -> None:
    first = link_in_last_mail(home)
    home.clock.move(hours=23, minutes=59)
    home.work()
    assert link_in_last_mail(home) == first
    home.clock.move(hours=24, minutes=1)
    home.work()
    link = home.house.links.link(LinkKind.CONFIRM, agreed)
    assert link_in_last_mail(home) == f"/g/{link}"


def test_confirmed_it_counts(home: Home, agreed: str) -> None:
    home.clock.move(days=2)
    assert second_step(home, agreed, "confirm").status_code == 200
    assert (state(home, agreed), decision(home, "kim", "kids")) == ("granted", "consented")


def test_confirming_twice_is_the_same_as_once(home: Home, agreed: str) -> None:
    home.clock.move(days=2)
    second_step(home, agreed, "confirm")
    assert (second_step(home, agreed, "confirm").status_code, state(home, agreed)) == (200, "granted")


def test_looking_at_the_second_page_or_sending_it_blindly_confirms_nothing(home: Home, agreed: str) -> None:
    home.clock.move(days=2)
    assert second_step(home, agreed, None).status_code == 422
    assert state(home, agreed) == "awaiting_confirmation"


def test_before_its_mail_the_second_link_opens_nothing(home: Home, agreed: str) -> None:
    assert second_step(home, agreed, "confirm").status_code == 404
    assert state(home, agreed) == "awaiting_confirmation"


def test_the_second_page_takes_the_yes_back(home: Home, agreed: str) -> None:
    home.clock.move(days=2)
    assert second_step(home, agreed, "decline").status_code == 200
    assert decision(home, "kim", "kids") != "consented"
    assert home.rows()["subjects"] == 0


def test_the_first_page_takes_the_yes_back_while_it_waits(home: Home, agreed: str) -> None:
    link = home.house.links.link(LinkKind.ANSWER, agreed)
    assert answer(home, "decline", f"/g/{link}").status_code == 200
    assert home.rows()["subjects"] == 0


@pytest.mark.usefixtures("agreed")
def test_unconfirmed_it_expires_once_and_everything_goes(home: Home) -> None:
    home.clock.move(days=7, hours=1)
    home.work()
    assert home.rows()["subjects"] == 0


def test_late_yes_leaves_three_days_for_the_second_step(home: Home) -> None:
    home.register("kids", "coppa-general")
    sign_up(home, "kim", CHILD, service="kids")
    path, body = "/v1/subjects/kim/consent-requests", {"guardian_email": "guardian@example.org"}
    request = home.call("POST", path, body, key=home.keys["kids"]).json()["id"]
    home.work()
    link = link_in_last_mail(home)
    home.clock.move(days=6, hours=23)
    answer(home, "grant", link)
    home.clock.move(days=2)
    home.work()
    assert state(home, request) == "awaiting_confirmation"
    home.clock.move(seconds=timedelta(days=3).total_seconds())
    home.work()
    assert home.rows()["subjects"] == 0


@pytest.mark.parametrize(
    ("letter", "became"),
    [(LetterKind.QUESTION, "awaiting_confirmation"), (LetterKind.CONFIRMATION, "undeliverable")],
)
def test_only_the_mail_whose_answer_is_awaited_ends_the_question_by_coming_back(
    home: Home, agreed: str, letter: LetterKind, became: str
) -> None:
    take, now = home.house.take_bounce, home.clock()
    named = take.named([home.house.letter_names.name(letter, agreed)])
    assert named is not None
    home.house.store.write_now(lambda tx: take.failed(tx, named, now))
    assert state(home, agreed) == became
