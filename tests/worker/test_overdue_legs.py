"""Holders that do not answer: legs past their time are told, endpoints that are gone are left alone."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from agegate.app import worker
from agegate.flows.move_holder import MoveHolder
from agegate.flows.register import HolderTerms
from tests.houses import Home, Json
from tests.journeys.people import ADULT, sign_up
from tests.remote.loopback import Canary, answering, serving

DAY = HolderTerms(due_within=timedelta(days=1))
OPERATOR = "operator@example.org"


def order(home: Home, subject: str = "sam") -> str:
    """A purge of an adult."""
    sign_up(home, subject, ADULT)
    return str(home.call("DELETE", f"/v1/subjects/{subject}", key=home.keys["game"]).json()["purge"])


def leg(home: Home, purge: str) -> Json:
    """The one leg of a purge."""
    return dict(home.call("GET", f"/v1/purges/{purge}", key=home.keys["game"]).json()["legs"][0])


def overdue(home: Home) -> list[object]:
    """What the service was told about late holders."""
    events = home.call("GET", "/v1/events", key=home.keys["game"]).json()["events"]
    return [event["data"] for event in events if event["type"] == "purge.overdue"]


def with_operator(home: Home) -> Home:
    """The same house, whose operator has an address."""
    settings = home.house.settings.model_copy(update={"operator_mail": OPERATOR})
    return replace(home, house=replace(home.house, settings=settings))


def mails_to_operator(home: Home) -> list[str]:
    """Their texts."""
    found = [mail for mail in home.mails() if mail["To"] == OPERATOR]
    return [body.get_content() for mail in found if (body := mail.get_body(("plain",)))]


def later(home: Home, *spans: timedelta) -> None:
    """Lets time go by, and the worker work after each span."""
    for span in spans:
        home.clock.now += span
        home.work()


def test_a_leg_past_its_time_is_told_once_and_stays_open(home: Home) -> None:
    home.register_holder("game", "logs", "", terms=DAY)
    purge = order(home)
    later(home, timedelta(hours=23))
    assert overdue(home) == []
    later(home, timedelta(hours=1), timedelta(days=9))
    assert overdue(home) == [{"subject": "sam", "purge": purge, "holder": "logs"}]
    assert (leg(home, purge)["state"], leg(home, purge)["escalated_at"]) == ("queued", "2026-11-23T09:00:00Z")


def test_a_leg_that_was_answered_in_time_is_never_told(home: Home) -> None:
    key = home.register_holder("game", "logs", "", terms=DAY)
    purge = order(home)
    home.call("PUT", f"/v1/purges/{purge}/legs/logs", {"status": "completed"}, key=key)
    later(home, timedelta(days=2))
    assert overdue(home) == []


def test_an_overdue_leg_may_still_be_answered(home: Home) -> None:
    key = home.register_holder("game", "logs", "", terms=DAY)
    purge = order(home)
    later(home, timedelta(days=40))
    home.call("PUT", f"/v1/purges/{purge}/legs/logs", {"status": "completed"}, key=key)
    home.work()
    assert home.call("GET", f"/v1/purges/{purge}", key=home.keys["game"]).json()["state"] == "completed"


def test_the_operator_gets_one_mail_a_day_while_any_is_late(home: Home) -> None:
    home = with_operator(home)
    key = home.register_holder("game", "logs", "", terms=DAY)
    ordered = [order(home, name) for name in ("sam", "kim")]
    later(home, timedelta(days=1), timedelta(minutes=1))
    assert len(mails_to_operator(home)) == 1
    assert "logs: 2 overdue" in mails_to_operator(home)[0]
    later(home, timedelta(hours=12), timedelta(hours=12))
    assert len(mails_to_operator(home)) == 2
    for purge in ordered:
        home.call("PUT", f"/v1/purges/{purge}/legs/logs", {"status": "completed"}, key=key)
    later(home, timedelta(days=1), timedelta(days=1))
    assert len(mails_to_operator(home)) == 2


def test_the_operators_mail_names_nobody(home: Home) -> None:
    home = with_operator(home)
    home.register_holder("game", "logs", "", terms=DAY)
    order(home, "sam-the-subject")
    later(home, timedelta(days=1), timedelta(minutes=1))
    assert "sam-the" not in "".join(mails_to_operator(home))
    assert mails_to_operator(home)


def at_an_endpoint_that_is_gone(home: Home, *orders: str) -> Canary:
    """One order after the other to a holder whose endpoint says 410."""

    async def scene() -> Canary:
        async with serving(answering(410)) as canary:
            home.register_holder("game", "logs", canary.url)
            for subject in orders:
                await asyncio.to_thread(order, home, subject)
                await worker(home.house).until_idle()
                home.clock.move(days=2)
                await worker(home.house).until_idle()
            return canary

    return asyncio.run(scene())


def test_nothing_more_is_sent_to_an_endpoint_that_is_gone(home: Home) -> None:
    canary = at_an_endpoint_that_is_gone(home, "sam", "kim")
    purges = home.call("GET", "/v1/purges?state=open", key=home.keys["game"]).json()["purges"]
    assert [purge["legs"][0]["last_error"] for purge in purges] == ["gone", "gone"]
    assert (len(canary.requests), [purge["legs"][0]["state"] for purge in purges]) == (1, ["queued", "queued"])


def test_the_operator_is_told_of_an_endpoint_that_is_gone(home: Home) -> None:
    home = with_operator(home)
    at_an_endpoint_that_is_gone(home, "sam")
    assert "logs: none overdue; its endpoint says that it is gone (410)" in mails_to_operator(home)[0]


@pytest.mark.parametrize("gone", [True, False])
def test_a_holder_that_moves_gets_what_it_never_received(home: Home, gone: bool) -> None:
    if gone:
        at_an_endpoint_that_is_gone(home, "sam", "kim")
    else:
        home.register_holder("game", "logs", "")
        for name in ("sam", "kim"):
            order(home, name)

    async def scene() -> int:
        async with serving(answering(200)) as canary:
            move, now = MoveHolder(home.house.entropy, home.house.audit), home.clock()
            assert await home.house.store.write(lambda tx: move(tx, "game", "logs", canary.url, now)) == 2
            await worker(home.house).until_idle()
            return len(canary.requests)

    assert asyncio.run(scene()) == 2
    purges = home.call("GET", "/v1/purges?state=open", key=home.keys["game"]).json()["purges"]
    assert [purge["legs"][0]["state"] for purge in purges] == ["delivered", "delivered"]
