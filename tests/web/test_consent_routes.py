"""Asking a guardian: whom, how often, and for whom there is nothing to ask."""

import pytest

from tests.houses import Home, Json
from tests.journeys.people import (
    ADULT,
    GUARDIAN,
    LINK,
    SIXTEEN,
    TWELVE,
    ask_guardian,
    consented_minor,
    sign_up,
    waiting_minor,
    withdraw,
)
from tests.web.calls import codes, slug

PATH = "/v1/subjects/alex/consent-requests"
ASK: Json = {"guardian_email": GUARDIAN}


def asked(home: Home, guardian: str) -> str:
    """The id of a request."""
    return str(home.call("POST", PATH, {"guardian_email": guardian}, key=home.keys["game"]).json()["id"])


@pytest.mark.parametrize(
    ("child", "guardian"),
    [
        ("robin@mail.example", "robin@mail.example"),
        ("robin@mail.example", "ROBIN@Mail.Example"),
        ("robin@mail.example", "robin+mum@mail.example"),
        ("robin+games@mail.example", "robin@mail.example"),
        ("r.obin@gmail.com", "robin@googlemail.com"),
        ("robin@gmail.com", "r.o.b.i.n+x@gmail.com"),
        ("robin@m\u00fcnchen.example", "robin@xn--mnchen-3ya.example"),
    ],
)
def test_a_guardian_is_not_the_child_in_any_spelling(home: Home, child: str, guardian: str) -> None:
    sign_up(home, "alex", SIXTEEN, email=child)
    before = home.rows()
    assert codes(home, "POST", PATH, {"guardian_email": guardian}) == (
        422,
        [("/guardian_email", "guardian_same_as_child")],
    )
    assert home.rows() == before
    home.work()
    assert home.mails() == []


@pytest.mark.parametrize("again", [GUARDIAN, "GUARDIAN@Example.org", "guardian+kids@example.org"])
def test_the_same_mailbox_is_the_same_request_and_one_mail(home: Home, again: str) -> None:
    waiting_minor(home)
    first = ask_guardian(home)
    assert asked(home, again) == first
    home.work()
    assert len(home.mails()) == 1


def test_at_most_two_guardians_are_asked_at_a_time(home: Home) -> None:
    waiting_minor(home)
    asked(home, "one@example.org")
    asked(home, "two@example.org")
    before = home.rows()
    assert slug(home, "POST", PATH, {"guardian_email": "three@example.org"}) == (409, "too-many-open-requests")
    assert home.rows() == before


def test_a_third_guardian_may_be_asked_once_a_request_ended(home: Home) -> None:
    waiting_minor(home)
    asked(home, "one@example.org")
    home.clock.move(days=3)
    asked(home, "two@example.org")
    home.clock.move(days=4, minutes=1)
    home.work()
    assert slug(home, "POST", PATH, {"guardian_email": "three@example.org"}) == (202, "")


@pytest.mark.parametrize(
    ("born", "status", "kind"), [(ADULT, 409, "consent-not-needed"), (TWELVE, 404, "subject-unknown")]
)
def test_there_is_nothing_to_ask_for_whom_the_rules_decided(home: Home, born: str, status: int, kind: str) -> None:
    sign_up(home, "alex", born)
    before = home.rows()
    assert (slug(home, "POST", PATH, ASK), home.rows()) == ((status, kind), before)


def test_there_is_nothing_to_ask_for_a_consented_minor(home: Home) -> None:
    consented_minor(home)
    assert slug(home, "POST", PATH, {"guardian_email": "two@example.org"}) == (409, "consent-not-needed")


def test_there_is_nothing_to_ask_for_a_restricted_subject(home: Home) -> None:
    sign_up(home, "alex", ADULT)
    sign_up(home, "alex", SIXTEEN)
    assert slug(home, "POST", PATH, ASK) == (409, "consent-not-needed")


def test_there_is_nothing_to_ask_for_a_purged_subject(home: Home) -> None:
    waiting_minor(home)
    home.call("DELETE", "/v1/subjects/alex", key=home.keys["game"])
    assert slug(home, "POST", PATH, ASK) == (404, "subject-unknown")


def test_no_guardian_is_asked_by_a_service_without_a_controller(home: Home) -> None:
    key = home.register("bare", "deepseek", controller=None)
    home.clock.move(seconds=2)
    sign_up(home, "alex", SIXTEEN, service="bare")
    before = home.rows()
    assert (slug(home, "POST", PATH, ASK, key), home.rows()) == ((409, "controller-incomplete"), before)
    home.work()
    assert home.mails() == []


def test_a_mail_is_repeated_with_the_same_link_after_ten_minutes(home: Home) -> None:
    waiting_minor(home)
    mails = f"{PATH}/{ask_guardian(home)}/mails"
    assert slug(home, "POST", mails) == (202, "")
    home.work()
    assert len(home.mails()) == 1
    home.clock.move(minutes=10)
    assert slug(home, "POST", mails) == (202, "")
    home.work()
    links = {LINK.findall(mail.as_string())[0] for mail in home.mails()}
    # A name of its own: mail programs hide a second mail of the same Message-ID, and the guardian missed the first.
    assert (len(home.mails()), len(links)) == (2, 1)


def test_nobody_is_reminded_of_an_answered_question(home: Home) -> None:
    request = consented_minor(home)
    home.clock.move(minutes=11)
    assert slug(home, "POST", f"{PATH}/{request}/mails") == (409, "already-answered")


@pytest.mark.parametrize("request_id", ["nothing", "9223372036854775808", "' OR 1=1--"])
@pytest.mark.parametrize(("method", "tail"), [("GET", ""), ("POST", "/mails")])
def test_a_request_that_never_was_is_unknown(home: Home, method: str, tail: str, request_id: str) -> None:
    waiting_minor(home)
    before = home.rows()
    assert slug(home, method, f"{PATH}/{request_id}{tail}") == (404, "consent-request-unknown")
    assert home.rows() == before


def test_a_request_of_another_subject_is_unknown(home: Home) -> None:
    waiting_minor(home)
    request = ask_guardian(home)
    waiting_minor(home, "blake")
    wanted = f"/v1/subjects/blake/consent-requests/{request}"
    assert slug(home, "GET", wanted) == (404, "consent-request-unknown")


def test_a_request_never_says_the_guardians_address(home: Home) -> None:
    request = consented_minor(home)
    assert GUARDIAN not in home.call("GET", f"{PATH}/{request}", key=home.keys["game"]).text


def test_a_childs_name_reaches_the_guardian_as_it_was_written(home: Home) -> None:
    waiting_minor(home)
    home.call("POST", PATH, ASK | {"child_name": "O'Brien <b>{{7*7}}"}, key=home.keys["game"])
    home.work()
    part = home.mails()[0].get_body(("plain",))
    assert part is not None
    assert "O'Brien <b>{{7*7}}" in part.get_content()


def test_the_grace_after_a_withdrawal_is_not_cut_by_the_time_of_the_signup(home: Home) -> None:
    consented_minor(home)
    home.clock.move(days=13)
    withdraw(home, "withdraw")
    home.clock.move(days=2)
    home.work()
    assert home.rows()["subjects"] == 1
