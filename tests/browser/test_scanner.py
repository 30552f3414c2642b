"""A mail scanner with a browser: it fetches every link fifty times, runs scripts, and sends every form it finds.

Nothing of that is a yes, a no or the end of anything; afterwards a person's way still works.
"""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import Eyes, looking
from tests.browser.site import Site, choose

FETCHES = 50
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
LET_ALL_PASS = "forms => forms.forEach(form => form.noValidate = true)"  # the page's own checks are switched off
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
        page.locator("button").nth(number).click()
        page.wait_for_load_state()
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


def test_a_scanner_gives_no_answer_and_ends_no_question(browser: Browser, served: Site) -> None:
    link = served.asked("scanned")
    before = served.states()
    assert scan(browser, served.links()) >= 9
    assert (served.states(), served.decision("scanned")) == (before, "consent_required")
    with looking(browser, Eyes(scripts=False).on_a_phone()) as page:
        page.goto(link)
        choose(page, "grant")
    assert served.decision("scanned") == "consented"


@pytest.mark.parametrize("taken_back", [False, True])
def test_a_scanner_takes_no_consent_back_and_changes_none(browser: Browser, served: Site, taken_back: bool) -> None:
    subject = f"scanned-{taken_back}"
    link = served.consented(browser, subject)
    if taken_back:
        with looking(browser, Eyes()) as page:
            page.goto(link)
            page.locator('input[name="sure"]').check()
            page.locator('button[value="withdraw"]').click()
    before, decision = served.states(), served.decision(subject)
    assert scan(browser, [link]) >= 3
    assert (served.states(), served.decision(subject)) == (before, decision)
