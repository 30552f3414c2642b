"""Telling a service or a holder that something happened, by Standard Webhooks.

Owns the signature, the headers and what an answer means: 2xx is received and nothing more. Leaves the
connection to `outbound`, and when to try again to the schedule in `rules`.
"""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

from agegate.entropy import Entropy
from agegate.remote.outbound import AddressRefused, Outbound, RemoteUnreachable

SECRET_PREFIX = "whsec_"  # noqa: S105 - the public mark of a secret
SECRET_SIZE = 32
RECEIVED = range(200, 300)
GONE = 410


@dataclass(frozen=True, slots=True)
class Delivered:
    """The other side has it. It does not mean that it did anything with it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not delivered: `http_NNN` (redirects too), `address_refused` or why the remote was unreachable."""

    code: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """The endpoint says that it is no more. What it owed us remains owed."""


Delivery = Delivered | Refused | Gone


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Signs and posts. The same id on every retry lets the other side see a repeat."""

    outbound: Outbound

    async def deliver(self, url: str, secret: str, webhook_id: str, at: datetime, body: bytes) -> Delivery:
        """One attempt. `at` is the instant of this attempt, `body` a JSON text in UTF-8."""
        if at.tzinfo is None:
            raise ValueError("at must be an aware instant")
        # The library replaces the zone instead of converting it.
        at = at.astimezone(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(webhook_id, at, body.decode()),
        }
        try:
            answer = await self.outbound.post(url, body, headers)
        except AddressRefused:
            return Refused("address_refused")
        except RemoteUnreachable as fault:
            return Refused(fault.code)
        if answer.status in RECEIVED:
            return Delivered()
        if answer.status == GONE:
            return Gone()
        return Refused(f"http_{answer.status}", answer.retry_after)


def new_webhook_secret(entropy: Entropy) -> str:
    """A secret of 256 bits in the spelling of Standard Webhooks."""
    return SECRET_PREFIX + b64encode(entropy(SECRET_SIZE)).decode("ascii")
