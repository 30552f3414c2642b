"""Carrying out one purge order: delete, then confirm.

Owns the order as a value and the confirmation to agegate. Leaves the deletion itself to the function that the
holder gives. Running twice does no harm: the deletion must allow it, and the confirmation does.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from agegate.clock import rfc3339
from agegate.signing.verify import Claims, Reason, TokenRefused
from agegate.verifier.fetching import FetchFailed, fetch
from agegate.verifier.leg_answers import Answer, leg_body

LOG = logging.getLogger("agegate.verifier")
SUCCESS = range(200, 300)
SERVER_FAULTS = range(500, 600)
ANSWERED_BEFORE = 409
"""An order that came twice was carried out twice, and found less the second time: the first answer stands."""


class Unconfirmed(Exception):
    """The order is carried out or refused, but agegate could not be told."""


@dataclass(frozen=True, slots=True)
class PurgeOrder:
    """Whose data to delete, and by when. Its repr does not say whose."""

    purge: str
    subject: str = field(repr=False)
    reason: str
    due_at: datetime
    categories: tuple[str, ...] = ()
    """What this holder was registered with; empty where nothing was named."""

    @classmethod
    def of(cls, claims: Claims) -> "PurgeOrder":
        """The order in claims that `verify` gave."""
        try:
            due_at = datetime.fromisoformat(str(claims["due_at"])).astimezone(UTC)
        except (ValueError, OverflowError):
            raise TokenRefused(Reason.WRONG_CLAIMS) from None
        return cls(str(claims["purge"]), str(claims["sub"]), str(claims["reason"]), due_at, _categories(claims))


def _categories(claims: Claims) -> tuple[str, ...]:
    told = claims.get("categories")
    return tuple(each for each in told if isinstance(each, str)) if isinstance(told, list) else ()


Delete = Callable[[PurgeOrder], Awaitable[Answer]]
"""The holder's own deletion and what came of it. It may be called twice for one order."""


@dataclass(frozen=True, slots=True)
class PurgeWork:
    """Deletes and confirms, as one holder of one issuer."""

    issuer: str
    holder: str
    api_key: str = field(repr=False)
    delete: Delete
    clock: Callable[[], datetime]
    timeout: float = 10.0
    pauses: tuple[float, ...] = (1.0, 4.0, 15.0, 60.0)

    async def __call__(self, order: PurgeOrder) -> None:
        """Done and confirmed, or `Unconfirmed`; whatever `delete` raises passes through."""
        answered = await self.delete(order)
        body = json.dumps(leg_body(answered, rfc3339(self.clock()))).encode()
        for pause in (*self.pauses, None):
            status = await self._put(order, body)
            if status in SUCCESS or status == ANSWERED_BEFORE:
                return
            LOG.warning("purge %s: confirmation not taken (%s)", order.purge, status or "no answer")
            if pause is None or not (status == 0 or status in SERVER_FAULTS):
                raise Unconfirmed
            await asyncio.sleep(pause)

    async def _put(self, order: PurgeOrder, body: bytes) -> int:
        # Not the address in the message: the issuer is who we trust, the rest of the message is only carried.
        place = f"/v1/purges/{quote(order.purge, safe='')}/legs/{quote(self.holder, safe='')}"
        try:
            reply = await fetch(
                "PUT", self.issuer.rstrip("/") + place, total=self.timeout, bearer=self.api_key, body=body
            )
        except FetchFailed:
            return 0
        return reply.status
