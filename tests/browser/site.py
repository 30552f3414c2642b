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
from agegate.store.subjects import SUBJECTS
from tests.browser.chromium import Eyes, looking
from tests.houses import CONTROLLER, Hands, Home
from tests.journeys.people import (
    LINK,
    TWELVE,
    ask_guardian,
    decision,
    link_in_last_mail,
    sign_up,
    waiting_minor,
)
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

    def asked(self, subject: str, guardian: str | None = None, **more: object) -> str:
        """A minor waits and a guardian was mailed, in a `locale` if one is given; the address in the mail."""
        self.do(Home.work)  # so that the newest mail is ours
        self.do(lambda home: waiting_minor(home, subject))
        return self.asked_also(subject, guardian or f"{subject}@guardians.example", **more)

    def asked_also(self, subject: str, guardian: str, **more: object) -> str:
        """One more guardian is mailed."""
        self.do(lambda home: ask_guardian(home, subject, guardian, **more))
        return self.last_link()

    def asked_of_a_child(self, subject: str, guardian: str) -> None:
        """A twelve-year-old waits for a guardian, whose yes counts only after a second step."""

        def step(home: Home) -> None:
            sign_up(home, subject, TWELVE, service="kids")
            path = f"/v1/subjects/{subject}/consent-requests"
            assert home.call("POST", path, {"guardian_email": guardian}, key=home.keys["kids"]).status_code == 202
            home.work()

        self.do(step)

    def consented(self, browser: Browser, subject: str) -> str:
        """A guardian said yes; the address in the receipt's mail."""
        link = self.asked(subject)
        with looking(browser, Eyes(scripts=False)) as page:
            page.goto(link)
            choose(page, "grant")
        self.do(Home.work)
        return self.last_link()

    def mailed(self, address: str) -> list[str]:
        """Every address of ours in the newest mail to somebody, in the order of its text."""
        return self.do(lambda home: [self.url + link for link in links_to(home, address)])

    def later(self, **span: float) -> None:
        """Time goes by, and what became due is done."""
        self.home.clock.move(**span)
        self.do(Home.work)

    def last_link(self) -> str:
        """The first address in the newest mail."""
        return self.url + self.do(link_in_last_mail)

    def states(self, subject: str | None = None) -> list[dict[str, object]]:
        """Where every question stands, or those about one subject, oldest first."""
        about = select(*(REQUESTS.c[name] for name in NOTED)).join(SUBJECTS, SUBJECTS.c.id == REQUESTS.c.subject_id)
        if subject is not None:
            about = about.where(SUBJECTS.c.subject == subject)
        with self.home.house.store.engine.connect() as connection:
            return [dict(row) for row in connection.execute(about.order_by(REQUESTS.c.id)).mappings()]

    def decision(self, subject: str, service: str = "game") -> str:
        """What the service is told of the subject."""
        return self.do(lambda home: decision(home, subject, service))


@contextmanager
def site(folder: Path, database_url: str) -> Iterator[Site]:
    """A served house with the services `game`, `scan` and `kids`."""
    with listening(folder / "data", database_url, Hands()) as live, ThreadPoolExecutor(1) as thread:
        live.home.register("scan", "deepseek-ocr", CONTROLLER)
        live.home.register("kids", "coppa-general", CONTROLLER)
        yield Site(live.home, live.url, thread)


def links_to(home: Home, address: str) -> list[str]:
    """The paths of the links in the newest mail to somebody, each once."""
    mail = [each for each in home.mails() if str(each["To"]) == address][-1]
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return list(dict.fromkeys(LINK.findall(" ".join(parts))))


def choose(page: Page, value: str, name: str = "answer") -> None:
    """What a person does: pick an answer and send the form it stands in."""
    picked = page.locator(f'input[name="{name}"][value="{value}"]')
    picked.check()
    with page.expect_navigation():
        picked.locator("xpath=ancestor::form").locator("button").first.click()
