"""A holder's endpoint, with a loopback agegate that takes its confirmations."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from agegate.clock import rfc3339, utc_now
from agegate.remote.webhooks import new_webhook_secret
from agegate.signing.keys import SigningKey
from agegate.signing.verify import JsonValue, Kind
from agegate.verifier import Deleted, Kept, PurgeOrder, Refused
from tests.verifier.agegate_double import API_KEY, HOLDER, Issuer, publishing
from tests.verifier.asgi_client import request
from tests.verifier.purge_orders import (
    PURGE,
    Shelf,
    deliver,
    message,
    order,
    receiver,
    signed_headers,
)


def received(issuer: Issuer, body: bytes, headers: Mapping[str, str] | None = None) -> tuple[int, Shelf]:
    shelf = Shelf()
    return asyncio.run(deliver(receiver(issuer, shelf), body, headers)).status, shelf


def test_an_order_is_carried_out_once(issuer: Issuer) -> None:
    _, shelf = received(issuer, message(issuer))
    due_at = datetime(2026, 12, 22, 12, 0, tzinfo=UTC)
    assert shelf.orders == [PurgeOrder(PURGE, "account-1", "subject_request", due_at)]


def test_an_order_is_received_with_204(issuer: Issuer) -> None:
    assert received(issuer, message(issuer))[0] == 204


def test_the_deletion_is_confirmed_with_time_and_counts(issuer: Issuer) -> None:
    received(issuer, message(issuer))
    (confirmed,) = issuer.confirmations
    assert confirmed.path == f"/v1/purges/{PURGE}/legs/{HOLDER}"
    assert confirmed.authorization == f"Bearer {API_KEY}"
    assert confirmed.body == {
        "status": "completed",
        "completed_at": rfc3339(issuer.clock.now),
        "counts": {"invoices": 3, "notes": 0},
    }


def test_what_had_to_be_kept_is_confirmed_with_its_legal_basis(issuer: Issuer) -> None:
    kept = Kept("invoices", "GDPR Art. 17(3)(b)", date(2033, 12, 31))
    asyncio.run(deliver(receiver(issuer, Shelf(Deleted({"notes": 2}, [kept]))), message(issuer)))
    assert issuer.confirmations[0].body == {
        "status": "completed",
        "completed_at": rfc3339(issuer.clock.now),
        "counts": {"notes": 2},
        "exceptions": [{"category": "invoices", "legal_basis": "GDPR Art. 17(3)(b)", "until": "2033-12-31"}],
    }


def test_a_refusal_is_confirmed_as_one(issuer: Issuer) -> None:
    told = Refused([Kept("everything", "a court's order")])
    assert asyncio.run(deliver(receiver(issuer, Shelf(told)), message(issuer))).status == 204
    assert issuer.confirmations[0].body == {
        "status": "refused",
        "completed_at": rfc3339(issuer.clock.now),
        "exceptions": [{"category": "everything", "legal_basis": "a court's order"}],
    }


@pytest.mark.parametrize("made", [lambda: Refused([]), lambda: Kept("", "law"), lambda: Kept("notes", " ")])
def test_nothing_is_kept_without_a_legal_basis(made: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="kept"):
        made()


def test_an_order_says_what_the_holder_was_registered_with(issuer: Issuer) -> None:
    shelf = received(issuer, message(issuer, order(issuer, {"categories": ["chats", "files"]})))[1]
    assert shelf.orders[0].categories == ("chats", "files")


def test_the_address_in_the_message_is_not_called(issuer: Issuer) -> None:
    with publishing() as elsewhere:
        body = json.loads(message(issuer))
        body["data"]["confirm_url"] = f"{elsewhere.url}/v1/purges/{PURGE}/legs/{HOLDER}"
        received(issuer, json.dumps(body).encode())
        assert (len(elsewhere.confirmations), len(issuer.confirmations)) == (0, 1)


def test_a_purge_id_cannot_leave_its_place_in_the_path(issuer: Issuer) -> None:
    received(issuer, message(issuer, order(issuer, {"purge": "../../v1/subjects?x#"})))
    assert issuer.confirmations[0].path == f"/v1/purges/..%2F..%2Fv1%2Fsubjects%3Fx%23/legs/{HOLDER}"


def test_the_repr_of_an_order_does_not_say_whose_data(issuer: Issuer) -> None:
    assert "account-1" not in repr(received(issuer, message(issuer))[1].orders[0])


def test_a_repeated_delivery_is_confirmed_again(issuer: Issuer) -> None:
    async def scene() -> list[int]:
        app, body = receiver(issuer, Shelf()), message(issuer)
        return [(await deliver(app, body)).status for _ in range(2)]

    assert asyncio.run(scene()) == [204, 204]
    assert len(issuer.confirmations) == 2


def test_repeats_join_the_work_that_is_under_way(issuer: Issuer) -> None:
    shelf = Shelf()

    async def scene() -> list[int]:
        app, body = receiver(issuer, shelf), message(issuer)
        return [answer.status for answer in await asyncio.gather(*(deliver(app, body) for _ in range(5)))]

    assert asyncio.run(scene()) == [204] * 5
    assert len(shelf.orders) == 1


def test_an_event_that_is_no_order_is_received_and_left_alone(issuer: Issuer) -> None:
    status, shelf = received(issuer, message(issuer, event="purge.completed"))
    assert (status, shelf.orders) == (204, [])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,###"},
        {"webhook-signature": "v1,AAAA v2,BBBB"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "soon"},
        {"webhook-id": "another"},
    ],
)
def test_a_message_without_its_signature_is_refused(issuer: Issuer, headers: dict[str, str]) -> None:
    body = message(issuer)
    status, shelf = received(issuer, body, {**signed_headers(body), **headers} if headers else {})
    assert (status, shelf.orders) == (401, [])


@pytest.mark.parametrize("shift", [timedelta(seconds=-302), timedelta(seconds=302)])
def test_a_message_of_another_time_is_refused(issuer: Issuer, shift: timedelta) -> None:
    body = message(issuer)
    assert received(issuer, body, signed_headers(body, at=utc_now() + shift))[0] == 401


def test_a_message_by_another_secret_is_refused(issuer: Issuer) -> None:
    body = message(issuer)
    secret = new_webhook_secret(lambda size: b"o" * size)
    assert received(issuer, body, signed_headers(body, secret=secret))[0] == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"type":"purge.requested"}', b"[" * 60_000])
def test_a_signed_message_without_an_order_deletes_nothing(issuer: Issuer, body: bytes) -> None:
    status, shelf = received(issuer, body)
    assert status in {204, 401}
    assert shelf.orders == []


def test_a_message_that_is_too_long_is_refused(issuer: Issuer) -> None:
    assert received(issuer, message(issuer) + b" " * 70_000)[0] == 413


def test_orders_are_posted(issuer: Issuer) -> None:
    assert asyncio.run(request(receiver(issuer, Shelf()), method="GET")).status == 405


@pytest.mark.parametrize(
    "changed",
    [
        *({name: None} for name in ("aud", "iat", "jti", "purge", "sub", "reason", "due_at")),
        *({"aud": "other-holder"}, {"due_at": "soon"}, {"due_at": 1}, {"purge": 1}, {"sub": ""}),
    ],
)  # fmt: skip
def test_an_order_that_is_not_whole_or_not_for_here_is_refused(issuer: Issuer, changed: dict[str, JsonValue]) -> None:
    status, shelf = received(issuer, message(issuer, order(issuer, changed)))
    assert (status, shelf.orders, issuer.confirmations) == (401, [], [])


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.PURGE_ORDER])
def test_no_other_kind_passes_for_an_order(issuer: Issuer, kind: Kind) -> None:
    assert received(issuer, message(issuer, order(issuer, kind=kind)))[0] == 401


@pytest.mark.parametrize("signed", ["", "a.b.c", 1, [], {}])
def test_what_is_no_signed_order_is_refused(issuer: Issuer, signed: JsonValue) -> None:
    assert received(issuer, message(issuer, signed))[0] == 401


def test_an_order_by_another_key_is_refused_though_the_message_is_signed(issuer: Issuer) -> None:
    assert received(issuer, message(issuer, order(issuer, key=SigningKey.generate())))[0] == 401


def test_a_test_order_is_refused_in_production(issuer: Issuer) -> None:
    assert received(issuer, message(issuer, order(issuer, environment="test")))[0] == 401


def test_a_test_order_is_taken_where_it_is_asked_for(issuer: Issuer) -> None:
    body = message(issuer, order(issuer, environment="test"))
    assert asyncio.run(deliver(receiver(issuer, Shelf(), accept_test=True), body)).status == 204


def test_without_keys_the_order_is_to_be_delivered_again() -> None:
    with publishing() as issuer:
        body = message(issuer)
    assert received(issuer, body)[0] == 503


def test_a_deletion_that_fails_is_to_be_delivered_again(issuer: Issuer, caplog: pytest.LogCaptureFixture) -> None:
    async def failing(order: PurgeOrder) -> Mapping[str, int]:
        raise OSError(f"no disk for {order.subject}")

    app = receiver(issuer, failing)
    with caplog.at_level(logging.INFO, "agegate.verifier"):
        assert asyncio.run(deliver(app, message(issuer))).status == 503
    assert (issuer.confirmations, "account-1" in caplog.text) == ([], False)


@pytest.mark.parametrize("status", [401, 404, 422])
def test_a_confirmation_that_is_refused_is_not_insisted_on(issuer: Issuer, status: int) -> None:
    issuer.confirm_statuses = [status]
    assert received(issuer, message(issuer))[0] == 503
    assert len(issuer.confirmations) == 1


def test_a_confirmation_survives_a_server_fault(issuer: Issuer) -> None:
    issuer.confirm_statuses = [503]
    assert received(issuer, message(issuer))[0] == 204
    assert len(issuer.confirmations) == 2


def test_a_long_deletion_is_acknowledged_and_finished_before_the_server_stops(issuer: Issuer) -> None:
    done = asyncio.Event()

    async def slow(_order: PurgeOrder) -> Mapping[str, int]:
        await done.wait()
        return {}

    async def scene() -> tuple[int, int, int]:
        app = receiver(issuer, slow, within=0.1)
        status = (await deliver(app, message(issuer))).status
        before = len(issuer.confirmations)
        done.set()
        stopping = iter(["lifespan.startup", "lifespan.shutdown"])

        async def receive() -> dict[str, object]:
            return {"type": next(stopping)}

        async def send(_message: object) -> None: ...

        await app({"type": "lifespan"}, receive, send)
        return status, before, len(issuer.confirmations)

    assert asyncio.run(scene()) == (202, 0, 1)


def test_an_order_that_was_answered_before_is_done(issuer: Issuer) -> None:
    """Carried out a second time it finds less, and agegate keeps to the first answer."""
    issuer.confirm_statuses = [409]
    assert received(issuer, message(issuer))[0] == 204
    assert len(issuer.confirmations) == 1
