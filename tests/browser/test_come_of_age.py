"""The guardian's page after the minor came of age, through every pair of eyes: to read, and nothing to press."""

import pytest
from playwright.sync_api import Browser

from tests.browser.site import Site
from tests.browser.walk import Walk
from tests.journeys.days import look

DAYS = ((), (2028, 4, 1), (2028, 5, 1))


@pytest.fixture(scope="module")
def link(browser: Browser, served: Site) -> str:
    """The guardian's link, a year and a half later."""
    link = served.consented(browser, "grown")
    for day in DAYS:
        served.do(lambda home, day=day: look(home, *day))  # type: ignore[misc]  # bound early
    return link


def test_the_page_can_be_read_and_changes_nothing(walk: Walk, link: str) -> None:
    walk.open(link)
    assert walk.page.locator("form, button").count() == 0
    assert walk.page.locator('a[href="/guardian/receipt"]').count() == 1
