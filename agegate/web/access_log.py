"""Gives each request its id and tells once what came of it, for the log line and the metrics.

Owns what anybody may know of a request: method, route template, status, seconds. Path, query, address and
headers are never told: links, subject ids and people's addresses travel in them.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Final, TypeAlias
from uuid import UUID

from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agegate.entropy import Entropy

Seen: TypeAlias = Callable[[str, str, int, float, str], None]
"""Told of each finished request: method, route template, status, seconds, request id."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
NO_ANSWER: Final = 499
"""Told where the client left before an answer began."""


class AccessLog:
    """One telling per request, and `scope["state"]["instance"]`, the urn that its problem names."""

    def __init__(self, app: ASGIApp, entropy: Entropy, seen: Seen) -> None:
        self._app = app
        self._entropy = entropy
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), NO_ANSWER
        request_id = UUID(bytes=self._entropy(16), version=4)
        scope.setdefault("state", {})["instance"] = request_id.urn

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", str(request_id).encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_noting_status)
        finally:
            self._seen(_method(scope), route_template(scope), status, perf_counter() - started, str(request_id))


def route_template(scope: Scope) -> str:
    """The route's path as written in the code, or `-` where none took the request."""
    route = scope.get("route")
    if isinstance(route, Route):
        return route.path
    return f"{route.path}/…" if isinstance(route, Mount) else "-"


def _method(scope: Scope) -> str:
    # A method is free text of the caller's, too.
    return scope["method"] if scope["method"] in METHODS else "OTHER"
