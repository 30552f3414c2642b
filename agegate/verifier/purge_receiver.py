"""The webhook endpoint of a data holder, as an ASGI application.

Owns who may order (the signature of the message, then the signed order inside) and when to answer. Leaves
deleting and confirming to `purge_work`. Stores nothing: an order whose work failed is answered 503 and
delivered again.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

from standardwebhooks import Webhook, WebhookVerificationError

from agegate.clock import utc_now
from agegate.signing.verify import Kind, Reason, TokenRefused
from agegate.verifier.asgi import (
    Receive,
    Scope,
    Send,
    answer,
    header_values,
    problem,
    read_body,
    speak_lifespan,
)
from agegate.verifier.checking import TokenCheck
from agegate.verifier.key_cache import jwks_address, key_cache
from agegate.verifier.purge_work import LOG, Delete, PurgeOrder, PurgeWork

LONGEST_BODY = 64 * 1024
SIGNED_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
ORDERED = "purge.requested"
REFUSED = {
    HTTPStatus.UNAUTHORIZED: "The message or the order in it is not signed as it must be.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Purge orders are posted.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The message is too long.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The order could not be carried out now. Deliver it again.",
}


class PurgeReceiver:
    """Takes orders for one holder. `delete` may be called again for the same order and must allow it.

    The answer waits for the work, but at most `answer_within`; then it is 202 and the work goes on. While an
    order is being worked on, its repeats join it.
    """

    def __init__(  # noqa: PLR0913 - the holder's registration, and settings with a safe default
        self,
        issuer: str,
        holder: str,
        *,
        webhook_secret: str,
        api_key: str,
        delete: Delete,
        accept_test: bool = False,
        jwks_url: str | None = None,
        answer_within: timedelta = timedelta(seconds=5),
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        keys = key_cache(jwks_address(issuer, jwks_url), clock)
        self._check = TokenCheck(Kind.PURGE_ORDER, issuer, holder, accept_test, keys, clock)
        self._webhook = Webhook(webhook_secret)
        self._work = PurgeWork(issuer, holder, api_key, delete, clock)
        self._answer_within = answer_within.total_seconds()
        self._running: dict[str, asyncio.Task[None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await speak_lifespan(receive, send, self._finish)
            return
        status = await self._receive(scope, receive)
        if (detail := REFUSED.get(status)) is None:
            await answer(send, status)
        else:
            await problem(send, status, detail)

    async def _receive(self, scope: Scope, receive: Receive) -> HTTPStatus:
        if scope.get("method") != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        body = await read_body(receive, longest=LONGEST_BODY)
        if body is None:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        if not self._is_signed(scope, body):
            return HTTPStatus.UNAUTHORIZED
        token = _order_in(body)
        if token is None:
            return HTTPStatus.NO_CONTENT  # some other event: received, and nothing to do
        try:
            order = PurgeOrder.of(await self._check.check_async(token))
        except TokenRefused as refused:
            LOG.warning("purge order refused: %s", refused.reason)
            unavailable = refused.reason is Reason.KEYS_UNAVAILABLE
            return HTTPStatus.SERVICE_UNAVAILABLE if unavailable else HTTPStatus.UNAUTHORIZED
        return await self._carry_out(order)

    def _is_signed(self, scope: Scope, body: bytes) -> bool:
        headers = {name: ",".join(header_values(scope, name.encode())) for name in SIGNED_HEADERS}
        try:
            self._webhook.verify(body, headers, json_parse=False)
        except (WebhookVerificationError, ValueError):  # ValueError: not base64, not UTF-8
            return False
        return True

    async def _carry_out(self, order: PurgeOrder) -> HTTPStatus:
        task = self._running.get(order.purge)
        if task is None:
            task = self._running[order.purge] = asyncio.ensure_future(self._work(order))
            task.add_done_callback(lambda done: self._forget(order.purge, done))
        # Unlike a plain await, this leaves the work alone when the sender hangs up.
        done, _ = await asyncio.wait({task}, timeout=self._answer_within)
        if not done:
            return HTTPStatus.ACCEPTED
        failed = task.cancelled() or task.exception() is not None
        return HTTPStatus.SERVICE_UNAVAILABLE if failed else HTTPStatus.NO_CONTENT

    def _forget(self, purge: str, task: "asyncio.Task[None]") -> None:
        self._running.pop(purge, None)
        if not task.cancelled() and (fault := task.exception()) is not None:
            # The class only: the text may be about a person.
            LOG.error("purge %s: not carried out (%s)", purge, type(fault).__name__)

    async def _finish(self) -> None:
        """Lets running work end before the server stops."""
        if self._running:
            await asyncio.wait(set(self._running.values()), timeout=30)


def _order_in(body: bytes) -> object:
    """The signed order of a `purge.requested` message, None for any other event."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(message, dict):
        return ""
    if message.get("type") != ORDERED:
        return None
    content = message.get("data")
    return content.get("order", "") if isinstance(content, dict) else ""
