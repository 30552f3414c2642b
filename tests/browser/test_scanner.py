"""A mail scanner with a browser: every link of every mail fetched fifty times, scripts run, every form sent.

Nothing of that is a yes, a no or the end of anything; afterwards a person's way still works.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import Eyes, looking
from tests.browser.site import Site
from tests.browser.walk import EVERY_WALK, Walk

FETCHES = 50 if EVERY_WALK else 5
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
LET_ALL_PASS = "forms => forms.forEach(form => form.noValidate = true)"  # the page's own checks are switched off
IS_LET_THROUGH = "button => button.form.noValidate || button.form.checkValidity()"
SEND = "form => HTMLFormElement.prototype.submit.call(form)"


def fetch_often(page: Page, links: list[str]) -> set[int]:
    """What GET and HEAD bring back, as link checkers send them."""
    methods = ("GET", "HEAD")
    return {page.request.fetch(link, method=each).status for link in links for each in methods for _ in range(FETCHES)}


def press_every_button(page: Page, link: str, *, checked: bool) -> int:
    """Presses each button of the page with nothing filled in, each time on a fresh page; how many there are."""
    page.goto(link)
    count = page.locator("button").count()
    for number in range(count):
        page.goto(link)
        page.evaluate(OPEN_ALL)
        if not checked:
            page.locator("form").evaluate_all(LET_ALL_PASS)
        button = page.locator("button").nth(number)
        if button.evaluate(IS_LET_THROUGH):
            with page.expect_navigation():
                button.click()
        else:
            button.click()
    return count


def send_every_form(page: Page, link: str) -> int:
    """Lets a script send each form as it stands; how many there are."""
    page.goto(link)
    count = page.locator("form").count()
    for number in range(count):
        page.goto(link)
        with page.expect_navigation():
            page.locator("form").nth(number).evaluate(SEND)
    return count


def scan(browser: Browser, links: list[str]) -> int:
    """All of it, at every link; how many buttons and forms were tried."""
    with looking(browser, Eyes()) as page:
        assert fetch_often(page, links) == {200}
        return sum(
            press_every_button(page, link, checked=True)
            + press_every_button(page, link, checked=False)
            + send_every_form(page, link)
            for link in links
        )


@dataclass(frozen=True, slots=True)
class Mail:
    """How a guardian comes to a mail, and the step that a person takes by it, with what the service hears then."""

    come: Callable[[Walk, str, str], None]
    step: Callable[[Walk], None]
    heard: str
    service: str = "game"


def question(walk: Walk, subject: str, guardian: str) -> None:
    walk.site.asked(subject, guardian)


def reminder(walk: Walk, subject: str, guardian: str) -> None:
    walk.site.asked(subject, guardian)
    walk.site.later(days=3, minutes=1)


def second_step(walk: Walk, subject: str, guardian: str) -> None:
    walk.site.asked_of_a_child(subject, guardian)
    walk.open(walk.site.mailed(guardian)[0])
    walk.send("grant")
    walk.site.later(hours=48)


def receipt(walk: Walk, subject: str, guardian: str) -> None:
    walk.open(walk.site.asked(subject, guardian))
    walk.send("grant")
    walk.site.later(minutes=11)


def another_was_faster(walk: Walk, subject: str, guardian: str) -> None:
    first = walk.site.asked(subject, f"first-{guardian}")
    walk.site.asked_also(subject, guardian)
    walk.open(first)
    walk.send("grant")
    walk.site.later(minutes=1)


def taken_back(walk: Walk, subject: str, guardian: str) -> None:
    receipt(walk, subject, guardian)
    walk.open(walk.site.mailed(guardian)[0])
    walk.press("withdraw")
    walk.site.later(minutes=1)


def new_link(walk: Walk, subject: str, guardian: str) -> None:
    receipt(walk, subject, guardian)
    walk.open(f"{walk.site.url}/guardian/new-link")
    walk.fill("email", guardian)
    walk.site.later(minutes=11)


MAILS = {
    "question": Mail(question, lambda walk: walk.send("grant"), "consented"),
    "receipt": Mail(receipt, lambda walk: walk.press("withdraw"), "consent_required"),
    "reminder": Mail(reminder, lambda walk: walk.send("decline"), "purged"),
    "second-step": Mail(second_step, lambda walk: walk.send("confirm"), "consented", "kids"),
    "another-was-faster": Mail(another_was_faster, lambda walk: walk.send("refuse"), "consent_required"),
    "taken-back": Mail(taken_back, lambda walk: walk.press("delete_now"), "purged"),
    "new-link": Mail(new_link, lambda walk: walk.press("delete_now"), "purged"),
}
"""Every mail with a link, and the page behind it."""


@pytest.mark.parametrize("name", MAILS if EVERY_WALK else list(MAILS)[:2])
def test_a_scanner_changes_nothing_and_the_link_still_works(browser: Browser, served: Site, name: str) -> None:
    mail, guardian = MAILS[name], f"{name}@scanned.example"
    eyes = Eyes(scripts=False).on_a_phone()
    with looking(browser, eyes) as page:
        walk = Walk(served, browser, eyes, page)
        mail.come(walk, name, guardian)
        before = (served.states(), served.decision(name, mail.service))
        assert scan(browser, served.mailed(guardian)) >= 3
        assert (served.states(), served.decision(name, mail.service)) == before
        walk.open(served.mailed(guardian)[0])
        mail.step(walk)
    assert served.decision(name, mail.service) == mail.heard
