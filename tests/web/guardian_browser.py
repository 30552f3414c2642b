"""What the tests of the guardian's pages share: a form's nonce, and what the service was told."""

import httpx

from tests.houses import Home
from tests.journeys.people import NONCE


def nonce_in(page: httpx.Response) -> str:
    """What the page's form carries."""
    found = NONCE.search(page.text)
    assert found is not None
    return found[1]


def events(home: Home) -> list[str]:
    """The types of everything that `game` was told."""
    return [event["type"] for event in home.call("GET", "/v1/events", key=home.keys["game"]).json()["events"]]
