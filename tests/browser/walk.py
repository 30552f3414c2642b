"""A guardian's browser on its way: each page it meets is looked at, each step is what a person does without scripts.

`EVERY_WALK=1` walks with every pair of eyes, on both databases, and lets axe-core look at each page; without it one
pair walks on SQLite.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from playwright.sync_api import Browser, Locator, Page, Route

from agegate.web.pages import STATIC
from tests.browser.axe import axe_is_here, grave
from tests.browser.chromium import Eyes, looking
from tests.browser.site import Site

EVERY_WALK = bool(os.environ.get("EVERY_WALK"))
EVERY_EYES = [
    Eyes(locale="ar", scripts=False).on_a_phone(),
    Eyes(locale="de", scripts=False),
    Eyes(locale="zh-Hans", scripts=False).on_a_phone(),
    Eyes(locale="en", scripts=False, dark=True).on_a_phone(),
    Eyes(locale="ar", scripts=False, dark=True),
]
SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"
SEEN: set[tuple[str, str]] = set()
"""What axe-core has looked at: the same page through the same eyes says nothing new."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One browser with nothing remembered, and the house it visits."""

    site: Site
    browser: Browser
    eyes: Eyes
    page: Page

    def open(self, address: str) -> None:
        """Follows a link, or types an address."""
        self.page.goto(address)
        self.look()

    def send(self, value: str, name: str = "answer", *, also: tuple[str, ...] = ()) -> None:
        """Picks an answer, switches on what is named besides, and sends the form they stand in."""
        picked = self.page.locator(f'input[name="{name}"][value="{value}"]')
        form = picked.locator("xpath=ancestor::form")
        details = picked.locator("xpath=ancestor::details[not(@open)]")
        if details.count():
            details.locator("summary").first.click()
        picked.check()
        for switch in also:
            form.locator(f'input[name="{switch}"]').check()
        self.follow(form.locator("button").first)

    def press(self, button: str) -> None:
        """Ticks the box that a button wants, and presses it."""
        pressed = self.page.locator(f'button[value="{button}"]')
        pressed.locator("xpath=ancestor::form").locator('input[name="sure"]').check()
        self.follow(pressed)

    def fill(self, field: str, text: str) -> None:
        """Types into a field and sends its form."""
        typed = self.page.locator(f"#{field}")
        typed.fill(text)
        self.follow(typed.locator("xpath=ancestor::form").locator("button"))

    def follow(self, pressed: Locator) -> None:
        """Presses what leads to another page."""
        with self.page.expect_navigation():
            pressed.click()
        self.look()

    @contextmanager
    def beside(self) -> Iterator["Walk"]:
        """Another person with the same eyes and a browser of its own."""
        with looking(self.browser, self.eyes) as page:
            yield replace(self, page=page)

    def look(self) -> None:
        """The page speaks the browser's language in its direction, has one heading, and fits its width."""
        self.page.wait_for_load_state()
        html = self.page.locator("html")
        turned = "rtl" if self.eyes.locale == "ar" else "ltr"
        assert (html.get_attribute("lang"), html.get_attribute("dir")) == (self.eyes.locale, turned)
        assert self.page.locator("h1").count() == 1
        assert self.page.locator("script").count() == 0
        assert not self.page.evaluate(SIDEWAYS)
        if EVERY_WALK and axe_is_here():
            self._search()

    def _search(self) -> None:
        # axe-core cannot run where scripts are off, so a twin with the same eyes gets the same page.
        known = (str(self.eyes), f"{self.page.title()} {self.page.locator('button, .alert, li').count()}")
        if known in SEEN:
            return
        SEEN.add(known)
        html = self.page.content()

        def answer(route: Route) -> None:
            if route.request.url.endswith(".css"):
                route.fulfill(path=STATIC / "guardian.css", content_type="text/css")
            else:
                route.fulfill(body=html, content_type="text/html; charset=utf-8")

        with looking(self.browser, self.eyes.with_scripts()) as twin:
            twin.route("**/*", answer)
            twin.goto("https://pages.example/")
            twin.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert grave(twin) == []
