"""What a request must satisfy before any route sees it.

Owns the limits on host, address and headers, and whether an API answer could be read at all. Bodies are the
reader's, the parser's strictness is the server's (httptools).
"""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from agegate.rules.errors import AgeGateError
from agegate.web.hosts import AllowedHosts
from agegate.web.problems import problem
from agegate.web.refusals import (
    AddressTooLong,
    HeadersTooLarge,
    HostRefused,
    MalformedRequest,
    NotAcceptable,
    PathUnknown,
)

MAX_ADDRESS: Final = 8 * 1024
MAX_HEADERS: Final = 100
MAX_HEADER_BYTES: Final = 16 * 1024
API: Final = "/v1/"
# Every answer of the API is one of these; errors are application/problem+json to whoever takes JSON.
ANSWERED_IN: Final = (
    "*/*",
    "application/*",
    "application/json",
    "application/problem+json",
    "+jwt",
    "/jwt",
    "/jose",
)


class Limits:
    """Refuses a request at the door with the same problem document that a route would give."""

    def __init__(self, app: ASGIApp, hosts: AllowedHosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (refused := self._refusal(scope)) is not None:
            answer = problem(refused, scope["state"]["instance"], self._hosts.issuer)
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> AgeGateError | None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_ADDRESS:
            return AddressTooLong()
        if len(headers) > MAX_HEADERS or sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_BYTES:
            return HeadersTooLarge()
        named = [value.decode("latin-1") for name, value in headers if name == b"host"]
        if len(named) != 1 or not self._hosts.admit(named[0]):
            return HostRefused()
        if sum(name == b"authorization" for name, _ in headers) > 1:
            return MalformedRequest()
        return _api_refusal(scope["path"], headers) if scope["path"].startswith(API) else None


def _api_refusal(path: str, headers: list[tuple[bytes, bytes]]) -> AgeGateError | None:
    if "\0" in path:
        return PathUnknown()  # no name of ours holds one, and PostgreSQL would refuse the question
    accepted = b",".join(value for name, value in headers if name == b"accept").decode("latin-1")
    return None if is_acceptable(accepted) else NotAcceptable()


def is_acceptable(accepted: str) -> bool:
    """Whether an Accept header lets through any form in which the API answers; none given accepts all."""
    types = [part.partition(";")[0].strip().lower() for part in accepted.split(",")]
    return not accepted or any(media.endswith(ANSWERED_IN) for media in types)
