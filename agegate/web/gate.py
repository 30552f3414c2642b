"""Shuts the house while its database may not be believed: a restored one that is older than its ledger.

Only what speaks of no subject stays open: that the process lives, its numbers, keys, contract and style.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from agegate.store.line import StoreUnavailable
from agegate.web.error_answers import answer_error
from agegate.web.refusals import Unavailable

LOG: Final = logging.getLogger("agegate.web")
OPEN: Final = ("/livez", "/metrics", "/openapi.yaml", "/problems/", "/static/", "/.well-known/")
RequireCurrent = Callable[[], Awaitable[None]]


async def no_doubt() -> None:
    """For an application without a database behind it."""


class Gate:
    """Asks before every request about a subject; the answer is remembered for a second by whoever is asked."""

    def __init__(self, app: ASGIApp, require_current: RequireCurrent, issuer: str) -> None:
        self._app = app
        self._require_current = require_current
        self._issuer = issuer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(OPEN):
            try:
                await self._require_current()
            except StoreUnavailable as fault:
                request = Request(scope)
                LOG.error("shut %s %s", request.state.instance, type(fault).__name__)  # noqa: TRY400 - the class is all
                await answer_error(request, Unavailable(), self._issuer)(scope, receive, send)
                return
        await self._app(scope, receive, send)
