"""axe-core looks at every page: light and dark, wide and narrow, left to right and right to left."""

import pytest
from playwright.sync_api import Browser, Route

from agegate.web.page_facts import Page
from agegate.web.pages import STATIC, render
from tests.browser.axe import grave
from tests.browser.chromium import Eyes, looking
from tests.web.guardian_pages import EVERY_PAGE

ADDRESS = "https://pages.example/"
EVERY_EYES = [Eyes(), Eyes(dark=True).on_a_phone(), Eyes(locale="ar").on_a_phone(), Eyes(locale="ar", dark=True)]
NAMED = [f"{number}-{type(page).__name__}" for number, page in enumerate(EVERY_PAGE)]


@pytest.mark.parametrize("eyes", EVERY_EYES, ids=str)
@pytest.mark.parametrize("shown", EVERY_PAGE, ids=NAMED)
def test_no_page_has_a_serious_fault(browser: Browser, shown: Page, eyes: Eyes) -> None:
    html = bytes(render(shown, eyes.locale).body).decode()

    def answer(route: Route) -> None:
        if route.request.url.endswith(".css"):
            route.fulfill(path=STATIC / "guardian.css", content_type="text/css")
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    with looking(browser, eyes) as page:
        page.route("**/*", answer)
        page.goto(ADDRESS)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
