"""Webhooks that are due, delivered to real servers and checked with the official library."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from standardwebhooks import Webhook

from agegate.app import worker
from agegate.clock import utc_now
from agegate.signing.verify import Kind, PublicKeys, verify
from tests.contract.promises import contract, faults_of
from tests.houses import ISSUER, Home, furnished
from tests.journeys.people import ADULT, sign_up
from tests.remote.loopback import Canary, answering, serving
from tests.worker.remotes import answering_in_turn, parts


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Iterator[Home]:
    """A house whose clock says the real time, since the official library asks for it."""
    yield from furnished(tmp_path, database_url, utc_now())


def restricted_and_told(home: Home, *statuses: int) -> tuple[str, Canary]:
    """An event delivered to a server that answers so; the secret, and what it saw."""

    async def scene() -> tuple[str, Canary]:
        async with serving(answering_in_turn(statuses)) as canary:
            secret = home.webhook("game", canary.url)
            await asyncio.to_thread(sign_up, home, "sam", ADULT)
            await asyncio.to_thread(sign_up, home, "sam", "2014-05-01")
            for _ in statuses:
                await worker(home.house).until_idle()
                home.clock.move(minutes=10)
            return secret, canary

    return asyncio.run(scene())


def ordered(home: Home, *statuses: int) -> tuple[str, Canary, dict[str, object]]:
    """A purge order delivered to a server that answers so; the secret, what it saw, and the leg afterwards."""
    secret = "whsec_" + "c2VjcmV0IG9mIHRoZSBob2xkZXI="

    async def scene() -> Canary:
        async with serving(answering_in_turn(statuses)) as canary:
            home.register_holder("game", "logs", canary.url, secret)
            await asyncio.to_thread(sign_up, home, "sam", ADULT)
            await asyncio.to_thread(home.call, "DELETE", "/v1/subjects/sam", key=home.keys["game"])
            for _ in statuses:
                await worker(home.house).until_idle()
                home.clock.move(minutes=10)
            return canary

    canary = asyncio.run(scene())
    leg = home.call("GET", "/v1/purges", key=home.keys["game"]).json()["purges"][0]["legs"][0]
    return secret, canary, leg


def test_an_event_is_signed_as_the_official_library_demands(home: Home) -> None:
    secret, canary = restricted_and_told(home, 200)
    body, headers = parts(canary.requests[0])
    said = Webhook(secret).verify(body, headers)
    assert (said["type"], said["data"]["subject"]) == ("subject.restricted", "sam")


def test_an_event_is_what_the_contract_promises(home: Home) -> None:
    body, _ = parts(restricted_and_told(home, 200)[1].requests[0])
    assert faults_of(contract()["components"]["schemas"]["Event"], orjson.loads(body)) == []


def test_an_event_that_was_received_is_not_sent_again(home: Home) -> None:
    _, canary = restricted_and_told(home, 204, 204)
    assert len(canary.requests) == 1


def test_an_event_that_failed_is_sent_again_under_the_same_id(home: Home) -> None:
    _, canary = restricted_and_told(home, 500, 302, 200, 200)
    ids = [parts(request)[1]["webhook-id"] for request in canary.requests]
    assert (len(ids), len(set(ids))) == (3, 1)


def test_the_id_of_a_webhook_is_the_one_in_the_list_of_events(home: Home) -> None:
    _, canary = restricted_and_told(home, 200)
    listed = home.call("GET", "/v1/events", key=home.keys["game"]).json()["events"]
    assert [event["id"] for event in listed] == [parts(canary.requests[0])[1]["webhook-id"]]


def test_an_endpoint_that_is_gone_is_not_asked_again(home: Home) -> None:
    _, canary = restricted_and_told(home, 410, 200)
    assert len(canary.requests) == 1


def test_an_order_is_what_the_contract_promises_and_signed_twice(home: Home) -> None:
    secret, canary, _ = ordered(home, 202)
    body, headers = parts(canary.requests[0])
    said = Webhook(secret).verify(body, headers)
    assert faults_of(contract()["components"]["schemas"]["Order"], said) == []
    public = PublicKeys.from_jwks(home.call("GET", "/.well-known/jwks.json").json())
    claims = verify(
        said["data"]["order"],
        public,
        kind=Kind.PURGE_ORDER,
        issuer=ISSUER,
        audience="logs",
        now=home.clock(),
        accept_test=True,
    )
    assert (claims["sub"], claims["purge"]) == ("sam", said["data"]["purge"])


def test_an_order_that_failed_is_sent_again_under_the_same_id(home: Home) -> None:
    _, canary, leg = ordered(home, 503, 200)
    ids = [parts(request)[1]["webhook-id"] for request in canary.requests]
    assert (len(ids), len(set(ids)), leg["state"], leg["attempts"]) == (2, 1, "delivered", 2)


def test_a_failed_order_leaves_a_code_and_the_leg_open(home: Home) -> None:
    _, _, leg = ordered(home, 500)
    assert (leg["state"], leg["last_error"]) == ("queued", "http_500")


def test_a_holder_that_says_gone_still_owes_its_answer(home: Home) -> None:
    _, canary, leg = ordered(home, 410, 200)
    assert (len(canary.requests), leg["state"], leg["last_error"]) == (1, "queued", "gone")


def test_an_order_that_was_received_is_not_done(home: Home) -> None:
    home.register_holder("game", "silent")
    _, _, leg = ordered(home, 200)
    purge = home.call("GET", "/v1/purges", key=home.keys["game"]).json()["purges"][0]
    assert (leg["state"], purge["state"]) == ("delivered", "open")


def test_a_purge_keeps_its_subjects_name_until_its_end_was_told(home: Home) -> None:
    async def scene() -> list[bytes]:
        async with serving(answering(200)) as canary:
            home.webhook("game", canary.url)
            await asyncio.to_thread(sign_up, home, "sam", ADULT)
            await asyncio.to_thread(sign_up, home, "sam", "2014-05-01")
            await asyncio.to_thread(home.call, "DELETE", "/v1/subjects/sam", key=home.keys["game"])
            await worker(home.house).until_idle()
            return canary.requests

    bodies = [orjson.loads(parts(request)[0]) for request in asyncio.run(scene())]
    assert {(said["type"], said["data"].get("subject")) for said in bodies} == {
        ("subject.restricted", "sam"),
        ("purge.completed", "sam"),
    }
    told = home.call("GET", "/v1/events", key=home.keys["game"]).json()["events"]
    assert ["subject" in event["data"] for event in told] == [False, False]
