"""Not my child, never again: the way out for whoever was asked by mistake. It deletes nothing of a child's."""

import pytest

from agegate.signing.links import LinkKind
from tests.houses import Home
from tests.journeys.people import answer, ask_guardian, decision, link_in_last_mail, open_page, waiting_minor
from tests.web.guardian_browser import nonce_in


@pytest.fixture
def request_id(home: Home) -> str:
    """The question to the guardian of `alex`."""
    waiting_minor(home)
    return ask_guardian(home)


def stop_link(home: Home, request: str) -> str:
    """The link in the mail's last line."""
    return f"/g/{home.house.links.link(LinkKind.STOP, request)}"


def state(home: Home, request: str) -> str:
    """Where the question stands."""
    path = f"/v1/subjects/alex/consent-requests/{request}"
    return str(home.call("GET", path, key=home.keys["game"]).json()["state"])


@pytest.mark.parametrize("choice", ["not_my_child", "never_again"])
def test_the_question_ends_and_the_child_stays(home: Home, request_id: str, choice: str) -> None:
    cookie, page = open_page(home, stop_link(home, request_id))
    reply = home.browse("POST", "/guardian/stop", {"nonce": nonce_in(page), "stop": choice}, cookie)
    told = (reply.status_code, state(home, request_id), decision(home, "alex"))
    assert told == (200, "undeliverable", "consent_required")


def test_the_forms_stand_on_the_page_of_the_question_too(home: Home, request_id: str) -> None:
    cookie, _ = open_page(home, link_in_last_mail(home))
    page = home.browse("GET", "/guardian/stop", cookie=cookie)
    reply = home.browse("POST", "/guardian/stop", {"nonce": nonce_in(page), "stop": "not_my_child"}, cookie)
    assert (reply.status_code, state(home, request_id)) == (200, "undeliverable")


@pytest.mark.parametrize(("asked_in", "browser", "spoken"), [("de", "ar", "de"), ("en", "ar", "ar"), ("en", "", "en")])
def test_a_page_speaks_the_language_of_the_question_else_the_browsers(
    home: Home, asked_in: str, browser: str, spoken: str
) -> None:
    waiting_minor(home)
    body = {"guardian_email": "guardian@example.org", "locale": asked_in}
    home.call("POST", "/v1/subjects/alex/consent-requests", body, key=home.keys["game"])
    home.work()
    cookie, _ = open_page(home, link_in_last_mail(home))
    page = home.browse("GET", "/guardian", cookie=cookie, headers={"Accept-Language": browser})
    assert page.headers["content-language"] == spoken


def test_a_link_to_stop_opens_no_question(home: Home, request_id: str) -> None:
    cookie, _ = open_page(home, stop_link(home, request_id))
    assert home.browse("GET", "/guardian", cookie=cookie).status_code == 404


@pytest.mark.parametrize("form", [{}, {"stop": ""}, {"stop": "yes"}])
def test_without_its_box_nothing_ends(home: Home, request_id: str, form: dict[str, str]) -> None:
    cookie, page = open_page(home, stop_link(home, request_id))
    reply = home.browse("POST", "/guardian/stop", {"nonce": nonce_in(page), **form}, cookie)
    assert (reply.status_code, state(home, request_id)) == (422, "pending")
    assert answer(home, "grant").status_code == 200


def test_not_my_child_after_an_answer_changes_nothing(home: Home, request_id: str) -> None:
    cookie, page = open_page(home, stop_link(home, request_id))
    answer(home, "grant")
    reply = home.browse("POST", "/guardian/stop", {"nonce": nonce_in(page), "stop": "not_my_child"}, cookie)
    assert (reply.status_code, decision(home, "alex")) == (410, "consented")


def test_a_mail_program_unsubscribes_in_one_step_without_a_cookie(home: Home, request_id: str) -> None:
    reply = home.browse("POST", stop_link(home, request_id), {"List-Unsubscribe": "One-Click"})
    assert (reply.status_code, state(home, request_id)) == (200, "undeliverable")


@pytest.mark.parametrize("form", [{}, {"List-Unsubscribe": "yes"}, {"answer": "grant"}])
def test_any_other_post_to_a_link_is_a_link_that_opens_nothing(
    home: Home, request_id: str, form: dict[str, str]
) -> None:
    reply = home.browse("POST", stop_link(home, request_id), form or {"x": ""})
    assert (reply.status_code, state(home, request_id)) == (404, "pending")


def test_the_link_of_the_question_cannot_be_unsubscribed_from(home: Home, request_id: str) -> None:
    reply = home.browse("POST", link_in_last_mail(home), {"List-Unsubscribe": "One-Click"})
    assert (reply.status_code, state(home, request_id)) == (404, "pending")
