"""What anybody may know of a request: its id, method, route template, status and seconds.

Path, query, address and headers are never told: links, subject ids and people's addresses travel in them. Who is
told, for the log line and the metrics, is the composition root's choice.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from starlette.routing import Route
from starlette.types import Scope

from agegate.entropy import Entropy

Seen: TypeAlias = Callable[[str, str, int, float, str], None]
"""Told of each finished request: method, route template, status, seconds, request id."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
NO_ANSWER: Final = 499
"""Told where the client left before an answer began."""
VARIANT: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
"""The two bits that every UUID of this layout has there; the other two stay random."""


def nobody_looks(method: str, route: str, status: int, seconds: float, request_id: str) -> None:
    """Where requests are neither logged nor measured."""
    del method, route, status, seconds, request_id


def new_request_id(entropy: Entropy) -> str:
    """A random UUID (version 4) as text, which is all that is needed of it."""
    drawn = entropy(16).hex()
    return f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-{VARIANT[drawn[16]]}{drawn[17:20]}-{drawn[20:]}"


def route_template(scope: Scope) -> str:
    """The route's path as written in the code, or `-` where none took the request."""
    route = scope.get("route")
    return route.path if isinstance(route, Route) else "-"


def method_of(scope: Scope) -> str:
    """A method that HTTP knows; any other is free text of the caller's."""
    return scope["method"] if scope["method"] in METHODS else "OTHER"
