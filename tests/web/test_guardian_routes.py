"""The guardian's pages over HTTP: what looks changes nothing, what acts must be chosen and ours."""

import re
from collections.abc import Callable, Mapping

import httpx
import pytest

from tests.houses import Home
from tests.journeys.people import (
    NONCE,
    answer,
    ask_guardian,
    decision,
    link_in_last_mail,
    open_page,
    waiting_minor,
)
from tests.web.guardian_browser import events, nonce_in

OUR_ORIGIN = "http://127.0.0.1:8000"


@pytest.fixture
def asked(home: Home) -> str:
    """The link in the mail to the guardian of `alex`."""
    waiting_minor(home)
    ask_guardian(home)
    return link_in_last_mail(home)


def post(home: Home, link: str, form: Mapping[str, str], **headers: str) -> httpx.Response:
    """A form posted by a browser that followed the link."""
    cookie, page = open_page(home, link)
    return home.browse("POST", "/guardian", {"nonce": nonce_in(page), **form}, cookie, headers)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_fifty_looks_change_nothing(home: Home, asked: str, method: str) -> None:
    cookie, _ = open_page(home, asked)
    before = home.rows()
    seen = [home.browse(method, path, cookie=cookie).status_code for path in (asked, "/guardian") for _ in range(50)]
    assert (seen, home.rows()) == ([303] * 50 + [200] * 50, before)
    assert answer(home, "grant", asked).status_code == 200


def test_the_link_is_swapped_for_a_cookie_and_a_clean_address(home: Home, asked: str) -> None:
    first = home.browse("GET", asked)
    cookie = first.headers["set-cookie"]
    assert (first.headers["location"], first.headers["referrer-policy"]) == ("/guardian", "no-referrer")
    assert cookie.startswith("guardian=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))


def test_the_next_address_is_ours_whatever_is_asked(home: Home, asked: str) -> None:
    assert home.browse("GET", f"{asked}?next=//evil.example").headers["location"] == "/guardian"


def test_nothing_is_chosen_beforehand(home: Home, asked: str) -> None:
    assert "checked" not in open_page(home, asked)[1].text


UNKNOWN = ["/g/x", "/g/" + "A" * 43, "/g/" + "A" * 4000, "/g/%F0%9F%98%80", "/g/%E2%80%AE", "/g/%00", "/g/..%5C"]


def test_every_link_that_opens_nothing_is_the_same_page(home: Home) -> None:
    told = {(reply.status_code, reply.content) for reply in (home.browse("GET", link) for link in UNKNOWN)}
    assert len(told) == 1
    assert next(iter(told))[0] == 404


def test_a_link_of_a_purged_subject_is_that_page_too(home: Home, asked: str) -> None:
    home.call("DELETE", "/v1/subjects/alex", key=home.keys["game"])
    assert home.browse("GET", asked).content == home.browse("GET", "/g/x").content


def test_a_page_without_a_cookie_is_that_page_too(home: Home) -> None:
    pages = [home.browse("GET", path) for path in ("/guardian", "/guardian/manage", "/g/x")]
    assert len({page.content for page in pages}) == 1


FORGERIES: dict[str, Callable[[str, str], tuple[dict[str, str], str]]] = {
    "no cookie": lambda _, nonce: ({"nonce": nonce}, ""),
    "made-up cookie": lambda cookie, nonce: ({"nonce": nonce}, cookie[:-3] + "AAA"),
    "no nonce": lambda cookie, _: ({}, cookie),
    "made-up nonce": lambda cookie, _: ({"nonce": "A" * 43}, cookie),
    "letters beyond ASCII": lambda cookie, nonce: ({"nonce": nonce + "\u00e4"}, cookie),
}


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_form_that_our_page_did_not_send_is_refused(home: Home, asked: str, kind: str) -> None:
    cookie, page = open_page(home, asked)
    before = home.rows()
    form, sent = FORGERIES[kind](cookie, nonce_in(page))
    reply = home.browse("POST", "/guardian", {**form, "answer": "grant"}, sent)
    assert (reply.status_code, home.rows(), decision(home, "alex")) == (403, before, "consent_required")
    assert answer(home, "grant", asked).status_code == 200


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://127.0.0.1:8001"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ],
)
def test_a_form_sent_from_elsewhere_is_refused(home: Home, asked: str, header: str, value: str) -> None:
    before = home.rows()
    reply = post(home, asked, {"answer": "grant"}, **{header: value})
    assert (reply.status_code, home.rows(), decision(home, "alex")) == (403, before, "consent_required")


def test_a_nonce_shown_to_another_guardian_is_refused(home: Home, asked: str) -> None:
    ask_guardian(home, guardian="second@example.org")
    _, foreign = open_page(home, link_in_last_mail(home))
    cookie, _ = open_page(home, asked)
    reply = home.browse("POST", "/guardian", {"nonce": nonce_in(foreign), "answer": "grant"}, cookie)
    assert (reply.status_code, decision(home, "alex")) == (403, "consent_required")


def test_a_cookie_ends_after_two_hours_and_the_link_does_not(home: Home, asked: str) -> None:
    cookie, _ = open_page(home, asked)
    home.clock.move(hours=2)
    assert home.browse("GET", "/guardian", cookie=cookie).status_code == 404
    assert answer(home, "grant", asked).status_code == 200


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_form_of_our_own_origin_is_taken(home: Home, asked: str, site: str) -> None:
    reply = post(home, asked, {"answer": "grant"}, Origin=OUR_ORIGIN, **{"Sec-Fetch-Site": site})
    assert (reply.status_code, decision(home, "alex")) == (200, "consented")


@pytest.mark.parametrize("choice", [{}, {"answer": ""}, {"answer": "yes"}, {"answer": "GRANT"}])
def test_without_a_choice_the_question_comes_back_and_lives(home: Home, asked: str, choice: dict[str, str]) -> None:
    before = home.rows()
    reply = post(home, asked, choice)
    assert (reply.status_code, bool(NONCE.search(reply.text)), home.rows()) == (422, True, before)
    assert answer(home, "grant", asked).status_code == 200


def test_a_form_of_another_type_is_refused_as_a_page(home: Home, asked: str) -> None:
    cookie, _ = open_page(home, asked)
    reply = home.call("POST", "/guardian", {"answer": "grant"}, headers={"Cookie": cookie})
    assert (reply.status_code, reply.headers["content-type"]) == (415, "text/html; charset=utf-8")


def test_the_same_answer_twice_is_the_same_page_and_one_event(home: Home, asked: str) -> None:
    cookie, page = open_page(home, asked)
    form = {"nonce": nonce_in(page), "answer": "grant"}
    first, second = (home.browse("POST", "/guardian", form, cookie) for _ in range(2))
    assert (first.status_code, first.content) == (200, second.content)
    assert events(home) == ["consent.granted"]


def test_an_opposite_answer_is_told_that_the_first_stands(home: Home, asked: str) -> None:
    cookie, page = open_page(home, asked)
    answer(home, "grant", asked)
    late = home.browse("POST", "/guardian", {"nonce": nonce_in(page), "answer": "decline"}, cookie)
    assert (late.status_code, decision(home, "alex")) == (409, "consented")


def test_after_a_no_nothing_is_left_to_answer(home: Home, asked: str) -> None:
    cookie, page = open_page(home, asked)
    answer(home, "decline", asked)
    late = home.browse("POST", "/guardian", {"nonce": nonce_in(page), "answer": "grant"}, cookie)
    assert (late.status_code, decision(home, "alex")) == (404, "purged")


@pytest.mark.parametrize("form", [{"answer": "grant"}, {"answer": "decline"}, {}], ids=str)
def test_a_question_whose_time_is_over_is_gone(home: Home, asked: str, form: dict[str, str]) -> None:
    home.clock.move(days=7, seconds=-1)
    cookie, page = open_page(home, asked)
    home.clock.move(seconds=1)
    before = home.rows()
    reply = home.browse("POST", "/guardian", {"nonce": nonce_in(page), **form}, cookie)
    assert (reply.status_code, home.rows()) == (410, before)
    assert home.browse("GET", "/guardian", cookie=cookie).status_code == 410


def superseded(home: Home, asked: str) -> tuple[str, str]:
    """A second guardian's cookie and nonce after the first one said yes."""
    ask_guardian(home, guardian="second@example.org")
    cookie, page = open_page(home, link_in_last_mail(home))
    answer(home, "grant", asked)
    return cookie, nonce_in(page)


def test_of_two_guardians_one_consent_supersedes_the_other_question(home: Home, asked: str) -> None:
    cookie, nonce = superseded(home, asked)
    late = home.browse("POST", "/guardian", {"nonce": nonce, "answer": "decline"}, cookie)
    assert (late.status_code, decision(home, "alex")) == (409, "consented")
    assert "Another guardian has answered" in late.text


def test_the_guardian_who_came_second_may_still_refuse(home: Home, asked: str) -> None:
    cookie, nonce = superseded(home, asked)
    shown = home.browse("GET", "/guardian", cookie=cookie)
    refused = home.browse("POST", "/guardian", {"nonce": nonce, "answer": "refuse"}, cookie)
    assert (shown.status_code, refused.status_code, decision(home, "alex")) == (200, 200, "consent_required")
    assert "You said no" in refused.text


@pytest.mark.parametrize("form", [{}, {"answer": "yes"}])
def test_a_late_refusal_needs_its_box(home: Home, asked: str, form: dict[str, str]) -> None:
    cookie, nonce = superseded(home, asked)
    reply = home.browse("POST", "/guardian", {"nonce": nonce, **form}, cookie)
    assert (reply.status_code, decision(home, "alex")) == (422, "consented")


def test_a_yes_covers_the_switches_that_were_on(home: Home, asked: str) -> None:
    post(home, asked, {"answer": "grant", "purpose.improve": "on", "purpose.other": "on", "purpose.disclosure": ""})
    home.work()
    cookie, page = open_page(home, link_in_last_mail(home))
    boxes = re.findall(r'name="purpose\.(\w+)" value="on"( checked)?', page.text)
    assert (cookie != "", boxes) == (True, [("improve", " checked"), ("disclosure", "")])


def test_of_two_guardians_one_no_is_a_no(home: Home, asked: str) -> None:
    ask_guardian(home, guardian="second@example.org")
    answer(home, "decline", asked)
    assert (decision(home, "alex"), home.rows()["consent_requests"]) == ("purged", 0)
