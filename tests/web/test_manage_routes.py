"""The page of a consent that lives, and the way out of it."""

import re

import httpx
import pytest

from agegate.signing.links import LinkKind
from tests.houses import Home
from tests.journeys.people import (
    answer,
    ask_guardian,
    consented_minor,
    decision,
    link_in_last_mail,
    open_page,
    waiting_minor,
    withdraw,
)
from tests.web.guardian_browser import events, nonce_in


def test_the_link_to_a_consent_opens_nothing_before_there_is_one(home: Home) -> None:
    waiting_minor(home)
    manage = f"/g/{home.house.links.link(LinkKind.MANAGE, ask_guardian(home))}"
    before = home.browse("GET", manage).status_code
    answer(home, "grant")
    assert (before, home.browse("GET", manage).headers["location"]) == (404, "/guardian/manage")


def test_a_cookie_for_the_question_does_not_open_the_consent(home: Home) -> None:
    waiting_minor(home)
    ask_guardian(home)
    asked = link_in_last_mail(home)
    cookie, _ = open_page(home, asked)
    answer(home, "grant", asked)
    assert home.browse("GET", "/guardian/manage", cookie=cookie).status_code == 404


def test_withdrawing_twice_is_the_same_as_once(home: Home) -> None:
    consented_minor(home)
    cookie, page = open_page(home, link_in_last_mail(home))
    form = {"nonce": nonce_in(page), "choice": "withdraw", "sure": "yes"}
    seen = [home.browse("POST", "/guardian/manage", form, cookie).status_code for _ in range(2)]
    assert (seen, events(home)) == ([200, 200], ["consent.granted", "consent.withdrawn"])


def test_delete_now_shortens_the_grace_of_a_withdrawal(home: Home) -> None:
    consented_minor(home)
    cookie, page = open_page(home, link_in_last_mail(home))
    for choice in ("withdraw", "delete_now"):
        form = {"nonce": nonce_in(page), "choice": choice, "sure": "yes"}
        assert home.browse("POST", "/guardian/manage", form, cookie).status_code == 200
    assert decision(home, "alex") == "purged"


@pytest.mark.parametrize("choice", ["", "yes", "grant"])
def test_without_a_choice_the_consent_stands(home: Home, choice: str) -> None:
    consented_minor(home)
    assert (withdraw(home, choice).status_code, decision(home, "alex")) == (422, "consented")


@pytest.mark.parametrize("form", [{}, {"choice": "withdraw"}, {"choice": "delete_now", "sure": ""}, {"sure": "yes"}])
def test_without_its_box_no_button_ends_a_consent(home: Home, form: dict[str, str]) -> None:
    consented_minor(home)
    reply = change(home, form)
    assert (reply.status_code, decision(home, "alex"), 'role="alert"' in reply.text) == (422, "consented", True)


def change(home: Home, form: dict[str, str]) -> httpx.Response:
    """A form of the consent's page."""
    cookie, page = open_page(home, link_in_last_mail(home))
    return home.browse("POST", "/guardian/manage", {"nonce": nonce_in(page), **form}, cookie)


def boxes(page: httpx.Response) -> list[str]:
    """The switches that are on."""
    return re.findall(r'name="purpose\.(\w+)" value="on" checked', page.text)


@pytest.mark.parametrize("on", [[], ["improve"], ["improve", "disclosure"]])
def test_switches_are_kept_and_nothing_else_changes(home: Home, on: list[str]) -> None:
    consented_minor(home)
    saved = change(home, {"choice": "switch", **{f"purpose.{name}": "on" for name in on}})
    cookie, shown = open_page(home, link_in_last_mail(home))
    assert (saved.status_code, bool(cookie), boxes(saved), boxes(shown)) == (200, True, on, on)
    assert decision(home, "alex") == "consented"


def test_nothing_is_switched_after_a_withdrawal(home: Home) -> None:
    consented_minor(home)
    link = link_in_last_mail(home)
    cookie, page = open_page(home, link)
    withdraw(home, "withdraw")
    form = {"nonce": nonce_in(page), "choice": "switch", "purpose.improve": "on"}
    assert home.browse("POST", "/guardian/manage", form, cookie).status_code == 409


def test_a_withdrawn_consent_can_still_be_deleted_sooner_and_needs_its_box(home: Home) -> None:
    consented_minor(home)
    cookie, page = open_page(home, link_in_last_mail(home))
    nonce = nonce_in(page)
    assert withdraw(home, "withdraw").status_code == 200
    shown = home.browse("GET", "/guardian/manage", cookie=cookie)
    reply = home.browse("POST", "/guardian/manage", {"nonce": nonce, "choice": "delete_now"}, cookie)
    assert ("Delete now" in shown.text, reply.status_code) == (True, 422)


def test_a_new_consent_within_the_grace_keeps_the_account(home: Home) -> None:
    consented_minor(home)
    withdraw(home, "withdraw")
    home.work()  # its mail leaves first
    ask_guardian(home, guardian="second@example.org")
    answer(home, "grant")
    home.clock.move(days=4)
    home.work()
    assert decision(home, "alex") == "consented"
