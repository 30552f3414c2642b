"""A house that listens on loopback, for a browser to walk through while the test moves its clock and its worker."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Page

from tests.houses import CONTROLLER, Hands, Home
from tests.journeys.people import ask_guardian, decision, link_in_last_mail, waiting_minor
from tests.tokens.live import listening

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Site:
    """The public address, and the steps behind the guardian's back."""

    home: Home
    url: str
    thread: ThreadPoolExecutor

    def do(self, step: Callable[[Home], T]) -> T:
        """A step of the service or of the worker, on a thread of its own: the browser's has a loop already."""
        return self.thread.submit(step, self.home).result()

    def asked(self, subject: str) -> str:
        """A minor waits and a guardian was mailed; the address in the mail."""
        self.do(Home.work)  # so that the newest mail is ours
        self.do(lambda home: waiting_minor(home, subject))
        self.do(lambda home: ask_guardian(home, subject, f"{subject}@guardians.example"))
        return self.last_link()

    def last_link(self) -> str:
        """The address in the newest mail."""
        return self.url + self.do(link_in_last_mail)

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
    radio = page.locator(f'input[name="{name}"][value="{value}"]')
    radio.check()
    radio.locator("xpath=ancestor::form").locator("button").first.click()
