"""Webhooks as the official library and a real loopback server see them."""

import asyncio
from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from agegate.clock import utc_now
from agegate.remote.outbound import Outbound
from agegate.remote.webhooks import Delivered, Delivery, Gone, Refused, Webhooks, new_webhook_secret
from tests.remote.loopback import Canary, answering, resolving, serving

SECRET = new_webhook_secret(lambda size: bytes(range(size)))
BODY = '{"type":"purge.requested","data":{"text":"Grüße"}}'.encode()


def delivered(status: int = 200, *headers: str, at: datetime | None = None) -> tuple[Delivery, Canary]:
    async def scene() -> tuple[Delivery, Canary]:
        async with serving(answering(status, *headers)) as canary:
            webhooks = Webhooks(Outbound(allow_loopback=True))
            return await webhooks.deliver(canary.url, SECRET, "msg_1", at or utc_now(), BODY), canary

    return asyncio.run(scene())


def received(canary: Canary) -> tuple[bytes, dict[str, str]]:
    head, _, body = canary.requests[0].partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode().split("\r\n")[1:])
    return body, {name: value for name, _, value in lines}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Delivered()),
        (202, Delivered()),
        (204, Delivered()),
        (299, Delivered()),
        (300, Refused("http_300")),
        (302, Refused("http_302")),
        (308, Refused("http_308")),
        (400, Refused("http_400")),
        (401, Refused("http_401")),
        (404, Refused("http_404")),
        (410, Gone()),
        (429, Refused("http_429")),
        (500, Refused("http_500")),
    ],
)
def test_a_status_has_one_meaning(status: int, outcome: Delivery) -> None:
    assert delivered(status)[0] == outcome


def test_the_wait_that_was_asked_for_is_handed_on() -> None:
    assert delivered(429, "Retry-After: 90")[0] == Refused("http_429", timedelta(seconds=90))


def test_an_inner_address_is_refused_and_not_called() -> None:
    webhooks = Webhooks(Outbound(allow_loopback=False, resolve=resolving(["10.0.0.1"])))
    outcome = asyncio.run(webhooks.deliver("https://hook.example/", SECRET, "msg_1", utc_now(), BODY))
    assert outcome == Refused("address_refused")


def test_an_unreachable_remote_is_an_outcome_and_no_error() -> None:
    webhooks = Webhooks(Outbound(allow_loopback=False, resolve=resolving([])))
    outcome = asyncio.run(webhooks.deliver("https://hook.example/", SECRET, "msg_1", utc_now(), BODY))
    assert outcome == Refused("name_unknown")


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-11))])
def test_the_official_library_accepts_the_message_from_any_zone(zone: timezone) -> None:
    body, headers = received(delivered(at=utc_now().astimezone(zone))[1])
    assert Webhook(SECRET).verify(body, headers)["type"] == "purge.requested"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-id", "msg_2"),
        ("webhook-timestamp", "1"),
        ("webhook-signature", "v1,AAAA"),
    ],
)
def test_the_official_library_refuses_a_changed_header(name: str, value: str) -> None:
    body, headers = received(delivered()[1])
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, {**headers, name: value})


@pytest.mark.parametrize("shift", [timedelta(seconds=-302), timedelta(seconds=302)])
def test_the_official_library_refuses_a_message_of_another_time(shift: timedelta) -> None:
    body, headers = received(delivered(at=utc_now() + shift)[1])
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, headers)


def test_the_official_library_refuses_a_changed_body_and_another_secret() -> None:
    body, headers = received(delivered()[1])
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_webhook_secret(bytes.__call__)).verify(body, headers)


def test_an_instant_without_a_zone_is_a_mistake_of_the_caller() -> None:
    webhooks = Webhooks(Outbound(allow_loopback=True))
    naive = utc_now().replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        asyncio.run(webhooks.deliver("http://127.0.0.1:1/", SECRET, "msg_1", naive, BODY))


def test_a_secret_holds_256_bits_of_the_given_randomness() -> None:
    assert SECRET.startswith("whsec_")
    assert b64decode(SECRET.removeprefix("whsec_")) == bytes(range(32))
