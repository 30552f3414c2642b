"""A holder that fetches its orders over real HTTP, from a real server that has some."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn

from agegate.house import open_house
from agegate.settings import Settings
from agegate.verifier import Deleted, InboxClosed, Kept, PurgeInbox, PurgeOrder, Refused, Round
from agegate.verifier.leg_answers import Answer
from agegate.verifier.purge_work import Delete
from tests.houses import Hands, Home
from tests.journeys.people import ADULT, sign_up
from tests.verifier.agegate_double import API_KEY, HOLDER, Issuer
from tests.verifier.purge_orders import Shelf


@dataclass
class Firewalled:
    """A house on a port of its own, and the holder `cellar`, whom no webhook reaches."""

    home: Home
    url: str
    key: str

    def order(self, *subjects: str) -> list[str]:
        """Purges of adults; their ids."""
        for subject in subjects:
            sign_up(self.home, subject, ADULT)
        key = self.home.keys["game"]
        return [self.home.call("DELETE", f"/v1/subjects/{each}", key=key).json()["purge"] for each in subjects]

    def inbox(self, delete: Delete, key: str | None = None, holder: str = "cellar") -> PurgeInbox:
        return PurgeInbox(
            self.url, holder, api_key=key or self.key, delete=delete, accept_test=True, clock=self.home.clock
        )

    def round(self, delete: Delete) -> Round:
        return asyncio.run(self.inbox(delete).empty())

    def leg(self, purge: str) -> dict[str, object]:
        """The holder's leg as the service sees it."""
        found = self.home.call("GET", f"/v1/purges/{purge}", key=self.home.keys["game"]).json()["legs"][0]
        assert isinstance(found, dict)
        return found


@pytest.fixture
def firewalled(tmp_path: Path) -> Iterator[Firewalled]:
    """Served by uvicorn, so that what the holder asks travels over the wire."""
    listening = socket.create_server(("127.0.0.1", 0))
    url, clock = f"http://127.0.0.1:{listening.getsockname()[1]}", Hands()
    home = Home(open_house(Settings(data=tmp_path / "data", issuer=url, allow_loopback=True), clock), clock)
    home.register("game", "deepseek")
    key = home.register_holder("game", "cellar", "")
    server = uvicorn.Server(uvicorn.Config(home.app, log_config=None, ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    yield Firewalled(home, url, key)
    server.should_exit = True
    thread.join()
    home.house.close()


def test_what_is_open_is_fetched_deleted_and_confirmed(firewalled: Firewalled) -> None:
    shelf, (purge,) = Shelf(), firewalled.order("sam")
    assert firewalled.round(shelf) == Round(answered=1)
    assert [order.subject for order in shelf.orders] == ["sam"]
    leg = firewalled.leg(purge)
    assert (leg["state"], leg["counts"]) == ("completed", {"invoices": 3, "notes": 0})


def test_what_was_answered_is_not_fetched_again(firewalled: Firewalled) -> None:
    firewalled.order("sam")
    firewalled.round(Shelf())
    assert firewalled.round(Shelf()) == Round()


def test_every_page_is_read(firewalled: Firewalled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agegate.web.purge_routes.PAGE", 2)
    monkeypatch.setattr("agegate.store.purges.PAGE", 2)
    firewalled.order(*(f"sam-{number}" for number in range(5)))
    assert firewalled.round(Shelf()) == Round(answered=5)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (Deleted({"notes": 1}, [Kept("invoices", "GDPR Art. 17(3)(b)")]), "completed"),
        (Refused([Kept("invoices", "a court's order")]), "refused"),
    ],
)
def test_agegate_takes_what_was_kept_and_a_refusal(firewalled: Firewalled, told: Answer, state: str) -> None:
    (purge,) = firewalled.order("sam")
    assert firewalled.round(Shelf(told)) == Round(answered=1)
    leg = firewalled.leg(purge)
    kept = [(each["category"], each["legal_basis"]) for each in leg["exceptions"]]  # type: ignore[attr-defined]  # a list of objects
    assert (leg["state"], kept) == (state, [(each.category, each.legal_basis) for each in told.exceptions])  # type: ignore[union-attr]  # neither is bare counts


def test_one_that_fails_stops_no_other_and_comes_again(
    firewalled: Firewalled, caplog: pytest.LogCaptureFixture
) -> None:
    firewalled.order("sam", "ann", "bob")

    async def choosy(order: PurgeOrder) -> Answer:
        if order.subject == "ann":
            raise OSError(f"no disk for {order.subject}")
        return {}

    assert firewalled.round(choosy) == Round(answered=2, failed=1)
    assert "ann" not in [word for record in caplog.records for word in record.getMessage().split()]
    shelf = Shelf()
    assert firewalled.round(shelf) == Round(answered=1)
    assert [order.subject for order in shelf.orders] == ["ann"]


def test_an_order_for_another_holder_is_not_obeyed(firewalled: Firewalled) -> None:
    shelf = Shelf()
    firewalled.order("sam")
    assert asyncio.run(firewalled.inbox(shelf, holder="attic").empty()) == Round(failed=1)
    assert shelf.orders == []


def test_a_key_that_may_not_read_closes_the_inbox(firewalled: Firewalled) -> None:
    firewalled.order("sam")
    with pytest.raises(InboxClosed, match="401"):
        asyncio.run(firewalled.inbox(Shelf(), key="ag_0000000000_wrong").empty())


@pytest.mark.parametrize("page", [b"", b"[]", b"{}", b'{"purges": 1}', b"[" * 60_000])
def test_a_page_that_is_none_closes_the_inbox(issuer: Issuer, page: bytes) -> None:
    issuer.document = page
    inbox = PurgeInbox(issuer.url, HOLDER, api_key=API_KEY, delete=Shelf(), clock=issuer.clock)
    with pytest.raises(InboxClosed):
        asyncio.run(inbox.empty())


def test_watching_goes_on_after_a_round_that_read_nothing(issuer: Issuer) -> None:
    inbox = PurgeInbox(issuer.url, HOLDER, api_key=API_KEY, delete=Shelf(), clock=issuer.clock)

    async def scene() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await inbox.watch(timedelta(milliseconds=20))

    asyncio.run(scene())
    assert issuer.fetches > 2
