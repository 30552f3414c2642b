"""Where a Chromium is, and the eyes it looks through: sizes, schemes, languages, with and without scripts."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]


def system_chromium() -> str | None:
    """The system's own browser, or None."""
    return next((found for name in SYSTEM if (found := shutil.which(name))), None)


def chromium_is_here() -> bool:
    """Whether there is a browser: the system's, or the one that `playwright install chromium` brought."""
    if system_chromium():
        return True
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).is_file()


@contextmanager
def launched() -> Iterator[Browser]:
    """A running browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=QUIET)
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Eyes:
    """How a person sees the pages."""

    width: int = 1280
    height: int = 900
    locale: str = "en"
    dark: bool = False
    scripts: bool = True

    def on_a_phone(self) -> "Eyes":
        """The same on a small phone."""
        return replace(self, width=360, height=740)

    def with_scripts(self) -> "Eyes":
        """The same where scripts may run."""
        return replace(self, scripts=True)

    def __str__(self) -> str:
        size = "phone" if self.width < 600 else "desktop"
        return f"{size}-{self.locale}{'-dark' if self.dark else ''}{'' if self.scripts else '-no-scripts'}"


@contextmanager
def looking(browser: Browser, eyes: Eyes) -> Iterator[Page]:
    """A fresh page: nothing remembered, nothing shared."""
    context = browser.new_context(
        viewport={"width": eyes.width, "height": eyes.height},
        locale=eyes.locale,
        color_scheme="dark" if eyes.dark else "light",
        java_script_enabled=eyes.scripts,
        has_touch=eyes.width < 600,
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
