"""Metrics are private: a token, or the machine itself, and in production nothing without one of the two."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from agegate.environment import CannotStart
from agegate.telemetry.listener import listening
from agegate.telemetry.requests import Requests
from agegate.telemetry.scrape import Scrape
from agegate.web.edge import Edge
from agegate.web.metrics_routes import MetricsRoutes
from tests.houses import Home
from tests.web.asking import ISSUER

TOKEN = "a-token-of-thirty-two-characters"


@pytest.fixture
def scrape(sqlite_home: Home) -> Scrape:
    return Scrape(sqlite_home.house.store, sqlite_home.clock, Requests())


def asked(scrape: Scrape, token: str | None, *, in_test: bool, client: str = "127.0.0.1", sent: str = "") -> int:
    """The status that a scrape of the server's own port gets."""
    app = Edge(MetricsRoutes(scrape, token, in_test).routes(), issuer=ISSUER)

    async def ask() -> int:
        transport = httpx.ASGITransport(app=app, client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url=ISSUER) as there:
            return (await there.get("/metrics", headers={"Authorization": sent} if sent else {})).status_code

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("token", "in_test", "client", "sent", "status"),
    [
        (None, False, "127.0.0.1", "", 404),  # production without a token: also a proxy comes from loopback
        (None, True, "127.0.0.1", "", 200),
        (None, True, "203.0.113.9", "", 404),
        (TOKEN, False, "203.0.113.9", f"Bearer {TOKEN}", 200),
        (TOKEN, False, "203.0.113.9", f"Bearer {TOKEN}x", 401),
        (TOKEN, False, "127.0.0.1", "", 401),
        (TOKEN, True, "127.0.0.1", "", 401),
        (TOKEN, False, "127.0.0.1", f"Basic {TOKEN}", 401),
    ],
)
def test_the_servers_own_port_tells_who_may_know(
    scrape: Scrape, token: str | None, in_test: bool, client: str, sent: str, status: int
) -> None:
    assert asked(scrape, token, in_test=in_test, client=client, sent=sent) == status


@pytest.fixture
def port(scrape: Scrape) -> Iterator[int]:
    with listening(scrape, "127.0.0.1", 0, None) as port:
        yield port


@pytest.mark.parametrize(("path", "status"), [("/metrics", 200), ("/livez", 200), ("/", 404), ("/metrics?x=1", 404)])
def test_the_listener_answers_two_addresses(port: int, path: str, status: int) -> None:
    assert httpx.get(f"http://127.0.0.1:{port}{path}").status_code == status


def test_the_listener_writes_no_line_about_who_asked(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    httpx.get(f"http://127.0.0.1:{port}/mia.2010-03-01")
    assert capfd.readouterr() == ("", "")


def test_a_listener_for_others_needs_a_token(scrape: Scrape) -> None:
    with pytest.raises(CannotStart, match="AGEGATE_METRICS_TOKEN"), listening(scrape, "192.0.2.1", 0, None):
        pass


@pytest.mark.parametrize(("sent", "status"), [(f"Bearer {TOKEN}", 200), ("", 401), ("Bearer wrong", 401)])
def test_a_listener_with_a_token_asks_for_it(scrape: Scrape, sent: str, status: int) -> None:
    with listening(scrape, "127.0.0.1", 0, TOKEN) as port:
        assert httpx.get(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": sent}).status_code == status


def test_a_port_that_is_taken_is_said_at_the_start(scrape: Scrape, port: int) -> None:
    with pytest.raises(CannotStart, match=str(port)), listening(scrape, "127.0.0.1", port, None):
        pass


def test_a_database_that_is_away_is_told_and_delays_nobody(scrape: Scrape, sqlite_home: Home) -> None:
    sqlite_home.house.store.close()
    text, _ = scrape.now("")
    assert b"agegate_database_up 0.0" in text
