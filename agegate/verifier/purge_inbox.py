"""The way to purge orders for a holder that no webhook reaches: it asks for them, behind its firewall.

Owns paging through what is open and the check of each signed order. Deleting and confirming is `purge_work`'s; what
went wrong stays open at agegate and comes again with the next round.
"""

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from agegate.clock import utc_now
from agegate.signing.verify import Kind, TokenRefused
from agegate.verifier.checking import TokenCheck
from agegate.verifier.fetching import FetchFailed, fetch
from agegate.verifier.key_cache import jwks_address, key_cache
from agegate.verifier.purge_work import LOG, Delete, PurgeOrder, PurgeWork

OK = 200
AT_ONCE = 4


class InboxClosed(Exception):
    """The orders could not be read: no answer, or a key that may not."""


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one round: orders that were answered, and orders that will come again."""

    answered: int = 0
    failed: int = 0


class PurgeInbox:
    """The open orders of one holder. `delete` may be called again for the same order and must allow it."""

    def __init__(  # noqa: PLR0913 - the holder's registration, and settings with a safe default
        self,
        issuer: str,
        holder: str,
        *,
        api_key: str,
        delete: Delete,
        accept_test: bool = False,
        jwks_url: str | None = None,
        timeout: timedelta = timedelta(seconds=10),
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        keys = key_cache(jwks_address(issuer, jwks_url), clock)
        self._check = TokenCheck(Kind.PURGE_ORDER, issuer, holder, accept_test, keys, clock)
        self._work = PurgeWork(issuer, holder, api_key, delete, clock)
        self._timeout = timeout.total_seconds()

    async def empty(self) -> Round:
        """One round over everything that is open now; `InboxClosed` when it cannot be read."""
        answered, failed, cursor = 0, 0, ""
        while True:
            orders, following = await self._page(cursor)
            done = await self._carry_out(orders)
            answered, failed = answered + done.count(True), failed + done.count(False)
            if not following or following == cursor:
                return Round(answered, failed)
            cursor = following

    async def watch(self, every: timedelta = timedelta(minutes=1)) -> None:
        """Rounds until it is cancelled; one that cannot read the orders is followed by the next."""
        while True:
            try:
                await self.empty()
            except InboxClosed as closed:
                LOG.warning("purge orders not read: %s", closed)
            await asyncio.sleep(every.total_seconds())

    async def _page(self, cursor: str) -> tuple[list[object], str]:
        address = f"{self._work.issuer.rstrip('/')}/v1/purges?state=open"
        address += f"&cursor={quote(cursor, safe='')}" if cursor else ""
        try:
            reply = await fetch("GET", address, total=self._timeout, bearer=self._work.api_key)
            page = json.loads(reply.body) if reply.status == OK else None
        except (FetchFailed, ValueError, RecursionError) as fault:
            raise InboxClosed(type(fault).__name__) from None
        if not isinstance(page, dict) or not isinstance(page.get("purges"), list):
            raise InboxClosed(str(reply.status))
        return [_order_in(each) for each in page["purges"]], str(page.get("cursor") or "")

    async def _carry_out(self, orders: Iterable[object]) -> list[bool]:
        room = asyncio.Semaphore(AT_ONCE)

        async def one(token: object) -> bool:
            async with room:
                return await self._one(token)

        return await asyncio.gather(*(one(token) for token in orders))

    async def _one(self, token: object) -> bool:
        """Whether the order was answered. The text of what went wrong may be about a person: only its kind is told."""
        try:
            await self._work(PurgeOrder.of(await self._check.check_async(token)))
        except TokenRefused as refused:
            LOG.warning("purge order refused: %s", refused.reason)
        except Exception as fault:  # noqa: BLE001 - the holder's own deletion: one that fails must not stop the others
            LOG.error("a purge order was not carried out (%s)", type(fault).__name__)
        else:
            return True
        return False


def _order_in(purge: object) -> object:
    """The signed order in a purge as the holder is shown it."""
    order = purge.get("order") if isinstance(purge, dict) else None
    return order.get("order", "") if isinstance(order, dict) else ""
