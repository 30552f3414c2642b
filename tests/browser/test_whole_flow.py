"""The whole flow in a real browser: from the mail to yes or no, and back again, on every size and in every language."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import Eyes, looking
from tests.browser.site import Site, choose
from tests.houses import Home

EVERY = [
    eyes
    for locale in ("en", "de", "zh-Hans", "ar")
    for eyes in (
        Eyes(locale=locale, scripts=False),
        Eyes(locale=locale, scripts=False).on_a_phone(),
        Eyes(locale=locale, dark=True).on_a_phone(),
    )
]


@pytest.mark.parametrize("eyes", EVERY, ids=str)
def test_a_guardian_says_yes_and_takes_it_back(browser: Browser, served: Site, eyes: Eyes) -> None:
    subject = f"yes-{eyes}"
    link = served.asked(subject)
    with looking(browser, eyes) as page:
        page.goto(link)
        choose(page, "grant")
        expect(page.locator("h1")).to_be_visible()
        assert served.decision(subject) == "consented"
        served.do(Home.work)
        page.goto(served.last_link())
        page.locator('input[name="sure"]').check()
        page.locator('button[value="withdraw"]').click()
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if eyes.locale == "ar" else "ltr")
    assert served.decision(subject) == "consent_required"
