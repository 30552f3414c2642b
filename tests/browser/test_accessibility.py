"""axe-core looks at every page: light and dark, wide and narrow, left to right and right to left."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route
from playwright.sync_api import Page as Tab

from agegate.web.page_facts import Page
from agegate.web.pages import STATIC, render
from tests.browser.axe import grave
from tests.browser.chromium import Eyes, looking
from tests.browser.walk import EVERY_WALK, SIDEWAYS
from tests.web.guardian_pages import EVERY_PAGE

ADDRESS = "https://pages.example/"
ALL_EYES = [Eyes(locale="ar", dark=True).on_a_phone(), Eyes(), Eyes(dark=True).on_a_phone(), Eyes(locale="ar")]
NAMED = [f"{number}-{type(page).__name__}" for number, page in enumerate(EVERY_PAGE)]


@pytest.fixture(scope="module", params=ALL_EYES if EVERY_WALK else ALL_EYES[:2], ids=str)
def looked(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Eyes, Tab]]:
    """One tab for all pages: a fresh one for each takes longer than the look."""
    with looking(browser, request.param) as tab:
        yield request.param, tab


@pytest.mark.parametrize("shown", EVERY_PAGE, ids=NAMED)
def test_no_page_has_a_serious_fault(looked: tuple[Eyes, Tab], shown: Page) -> None:
    eyes, tab = looked
    html = bytes(render(shown, eyes.locale).body).decode()

    def answer(route: Route) -> None:
        if route.request.url.endswith(".css"):
            route.fulfill(path=STATIC / "guardian.css", content_type="text/css")
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    tab.unroute_all()
    tab.route("**/*", answer)
    tab.goto(ADDRESS)
    tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert grave(tab) == []
    assert not tab.evaluate(SIDEWAYS)
