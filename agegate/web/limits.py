"""What a request must satisfy before any route sees it.

Owns the limits on host, address and headers, and whether an API answer could be read at all. Bodies are the
reader's, the parser's strictness is the server's (httptools).
"""

from typing import Final

from starlette.responses import Response
from starlette.types import Scope

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

    def __init__(self, hosts: AllowedHosts) -> None:
        self._hosts = hosts

    def refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that goes no further."""
        refused = self._fault_of(scope)
        if refused is None:
            return None
        answer = problem(refused, scope["state"]["instance"], self._hosts.issuer)
        answer.headers["Connection"] = "close"
        return answer

    def _fault_of(self, scope: Scope) -> AgeGateError | None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_ADDRESS:
            return AddressTooLong()
        size, hosts, keys, accepted = 0, [], 0, []
        for name, value in headers:
            size += len(name) + len(value)
            if name == b"host":
                hosts.append(value)
            elif name == b"authorization":
                keys += 1
            elif name == b"accept":
                accepted.append(value)
        if len(headers) > MAX_HEADERS or size > MAX_HEADER_BYTES:
            return HeadersTooLarge()
        if len(hosts) != 1 or not self._hosts.admit(hosts[0].decode("latin-1")):
            return HostRefused()
        if keys > 1:
            return MalformedRequest()
        return _api_fault(scope["path"], accepted) if scope["path"].startswith(API) else None


def _api_fault(path: str, accepted: list[bytes]) -> AgeGateError | None:
    if "\0" in path:
        return PathUnknown()  # no name of ours holds one, and PostgreSQL would refuse the question
    return None if is_acceptable(b",".join(accepted).decode("latin-1")) else NotAcceptable()


def is_acceptable(accepted: str) -> bool:
    """Whether an Accept header lets through any form in which the API answers; none given accepts all."""
    if accepted in {"", "*/*", "application/json"}:
        return True
    types = [part.partition(";")[0].strip().lower() for part in accepted.split(",")]
    return any(media.endswith(ANSWERED_IN) for media in types)
