"""Purge orders as agegate sends them, good and spoilt, and a holder that obeys."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

from agegate.clock import utc_now
from agegate.remote.webhooks import new_webhook_secret
from agegate.signing.keys import SigningKey
from agegate.signing.signer import Signer
from agegate.signing.verify import JsonValue, Kind
from agegate.verifier import PurgeOrder, PurgeReceiver
from agegate.verifier.leg_answers import Answer
from agegate.verifier.purge_work import Delete
from tests.verifier.agegate_double import API_KEY, HOLDER, Issuer
from tests.verifier.asgi_client import Answered, request

SECRET = new_webhook_secret(lambda size: b"s" * size)
PURGE = "01j0purge"
DUE_AT = "2026-12-22T12:00:00Z"


@dataclass
class Shelf:
    """A holder's deletion, which remembers what it was asked to delete."""

    counts: Answer = field(default_factory=lambda: {"invoices": 3, "notes": 0})
    orders: list[PurgeOrder] = field(default_factory=list)

    async def __call__(self, order: PurgeOrder) -> Answer:
        self.orders.append(order)
        return self.counts


def receiver(issuer: Issuer, delete: Delete, *, accept_test: bool = False, within: float = 5) -> PurgeReceiver:
    return PurgeReceiver(
        issuer.url,
        HOLDER,
        webhook_secret=SECRET,
        api_key=API_KEY,
        delete=delete,
        clock=issuer.clock,
        accept_test=accept_test,
        answer_within=timedelta(seconds=within),
    )


def order(
    issuer: Issuer,
    changed: Mapping[str, JsonValue] | None = None,
    *,
    key: SigningKey | None = None,
    kind: Kind = Kind.PURGE_ORDER,
    environment: str = "production",
) -> str:
    """A signed order; a claim changed to None is left out."""
    claims: dict[str, JsonValue] = {
        "aud": HOLDER,
        "iat": int(issuer.clock.now.timestamp()),
        "jti": "leg1",
        "purge": PURGE,
        "sub": "account-1",
        "reason": "subject_request",
        "due_at": DUE_AT,
        **(changed or {}),
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return Signer(key or issuer.keys[0], issuer.url, environment).sign(kind, kept)


def message(issuer: Issuer, signed: JsonValue = None, *, event: str = "purge.requested") -> bytes:
    content: dict[str, JsonValue] = {
        "purge": PURGE,
        "subject": "account-1",
        "holder": HOLDER,
        "reason": "subject_request",
        "due_at": DUE_AT,
        "confirm_url": f"{issuer.url}/v1/purges/{PURGE}/legs/{HOLDER}",
        "order": order(issuer) if signed is None else signed,
    }
    return json.dumps({"type": event, "timestamp": "2026-11-22T12:00:00Z", "data": content}).encode()


def signed_headers(body: bytes, *, secret: str = SECRET, at: datetime | None = None) -> dict[str, str]:
    at = at or utc_now()
    signature = Webhook(secret).sign("leg_1", at.astimezone(UTC), body.decode("utf-8", "replace"))
    return {
        "webhook-id": "leg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


async def deliver(app: PurgeReceiver, body: bytes, headers: Mapping[str, str] | None = None) -> Answered:
    told = signed_headers(body) if headers is None else headers
    return await request(app, headers=[(k.encode(), v.encode()) for k, v in told.items()], body=body)
