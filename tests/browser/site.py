"""A house that listens on loopback, for a browser to walk through while the test moves its clock and its worker."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Browser, Page
from sqlalchemy import select

from agegate.store.consents import REQUESTS
from tests.browser.chromium import Eyes, looking
from tests.houses import CONTROLLER, Hands, Home
from tests.journeys.people import LINK, ask_guardian, decision, link_in_last_mail, waiting_minor
from tests.tokens.live import listening

T = TypeVar("T")
NOTED = ("id", "state", "purposes_given", "delete_at", "mail_hold")


@dataclass(frozen=True, slots=True)
class Site:
    """The public address, and the steps behind the guardian's back."""

    home: Home
    url: str
    thread: ThreadPoolExecutor

    def do(self, step: Callable[[Home], T]) -> T:
        """A step of the service or of the worker, on a thread of its own: the browser's has a loop already."""
        return self.thread.submit(step, self.home).result()

    def asked(self, subject: str, guardian: str | None = None) -> str:
        """A minor waits and a guardian was mailed; the address in the mail."""
        self.do(Home.work)  # so that the newest mail is ours
        self.do(lambda home: waiting_minor(home, subject))
        return self.asked_also(subject, guardian or f"{subject}@guardians.example")

    def asked_also(self, subject: str, guardian: str) -> str:
        """One more guardian is mailed."""
        self.do(lambda home: ask_guardian(home, subject, guardian))
        return self.last_link()

    def consented(self, browser: Browser, subject: str) -> str:
        """A guardian said yes; the address in the receipt's mail."""
        link = self.asked(subject)
        with looking(browser, Eyes(scripts=False)) as page:
            page.goto(link)
            choose(page, "grant")
        self.do(Home.work)
        return self.last_link()

    def last_link(self) -> str:
        """The first address in the newest mail."""
        return self.url + self.do(link_in_last_mail)

    def links(self) -> list[str]:
        """Every address of ours in the newest mail, in either of its parts."""
        parts = self.do(
            lambda home: [part.get_content() for part in home.mails()[-1].walk() if not part.is_multipart()]
        )
        return [self.url + link for link in sorted(set(LINK.findall(" ".join(parts))))]

    def states(self) -> list[dict[str, object]]:
        """Where every question stands."""
        with self.home.house.store.engine.connect() as connection:
            found = connection.execute(select(*(REQUESTS.c[name] for name in NOTED)).order_by(REQUESTS.c.id))
            return [dict(row) for row in found.mappings()]

    def decision(self, subject: str) -> str:
        """What the service is told of the subject."""
        return self.do(lambda home: decision(home, subject))


@contextmanager
def site(folder: Path, database_url: str) -> Iterator[Site]:
    """A served house with the services `game` and `scan`."""
    with listening(folder / "data", database_url, Hands()) as live, ThreadPoolExecutor(1) as thread:
        live.home.register("scan", "deepseek-ocr", CONTROLLER)
        yield Site(live.home, live.url, thread)


def choose(page: Page, value: str, name: str = "answer") -> None:
    """What a person does: pick an answer and send the form it stands in."""
    picked = page.locator(f'input[name="{name}"][value="{value}"]')
    picked.check()
    picked.locator("xpath=ancestor::form").locator("button").first.click()
