"""Writes pictures of the guardian's pages for the documentation: `python -m tests.browser.screenshots FOLDER`."""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.chromium import Eyes, launched, looking
from tests.browser.site import Site, site

DESKTOP = Eyes(width=900, height=860)
QUESTIONS = (
    ("question-desktop", DESKTOP, "h1"),
    ("answer-phone-dark", Eyes(dark=True).on_a_phone(), "#answer"),
    ("question-phone-ar", Eyes(locale="ar").on_a_phone(), "h1"),
)


def shoot(browser: Browser, link: str, eyes: Eyes, place: str, target: Path) -> None:
    """One picture of what a person sees after coming to a place of the page."""
    with looking(browser, eyes) as page:
        page.goto(link)
        if place != "h1":
            page.locator(place).evaluate("element => element.scrollIntoView()")
        page.screenshot(path=target)


def shoot_all(browser: Browser, served: Site, folder: Path) -> None:
    """The question and a given consent."""
    for name, eyes, place in QUESTIONS:
        link = served.asked(name, locale=eyes.locale)
        shoot(browser, link, eyes, place, folder / f"{name}.png")
    shoot(browser, served.consented(browser, "more-pictures"), DESKTOP, "#withdraw", folder / "manage-desktop.png")


def main(folder: Path) -> None:
    """All of them, from a house of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp())
    with launched() as browser, site(scratch, f"sqlite:///{scratch}/database.sqlite3") as served:
        shoot_all(browser, served, folder)
    shutil.rmtree(scratch)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
