"""The edge of the HTTP room: every request passes here first, every response last.

Owns the order: access log, security headers, limits, mistakes, then the known refusals and the routes. Each
part is a pure ASGI middleware of its own module; no route is named here.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import BaseRoute
from starlette.types import StatelessLifespan

from agegate.entropy import Entropy, system_entropy
from agegate.web.access_log import AccessLog, Seen
from agegate.web.error_answers import known_errors, unknown_errors
from agegate.web.gate import Gate, RequireCurrent, no_doubt
from agegate.web.hosts import AllowedHosts
from agegate.web.limits import Limits
from agegate.web.security_headers import SecurityHeaders

NO_UNAVAILABLE: Final[tuple[type[Exception], ...]] = ()


def nobody_looks(method: str, route: str, status: int, seconds: float, request_id: str) -> None:
    """Where requests are neither logged nor measured."""
    del method, route, status, seconds, request_id


def behind_edge(  # noqa: PLR0913 - everything that the composition root hands to the edge, by name
    routes: Sequence[BaseRoute],
    *,
    issuer: str,
    loopback_names: Collection[str] = (),
    entropy: Entropy = system_entropy,
    unavailable: Iterable[type[Exception]] = NO_UNAVAILABLE,
    lifespan: StatelessLifespan[Starlette] | None = None,
    seen: Seen = nobody_looks,
    require_current: RequireCurrent = no_doubt,
) -> Starlette:
    """The routes as an application that nothing enters or leaves past the edge.

    `unavailable` names the exceptions that mean "the database cannot answer now" (503); `require_current`
    raises while a restored database may not be believed. Our own mistakes are caught inside of the headers,
    so that a 500 carries them too. `seen` is told of each request.
    """
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(AccessLog, entropy=entropy, seen=seen),
            Middleware(SecurityHeaders, issuer=issuer),
            Middleware(Limits, hosts=AllowedHosts.of(issuer, loopback_names)),
            Middleware(ExceptionMiddleware, handlers=unknown_errors(issuer)),
            Middleware(Gate, require_current=require_current, issuer=issuer),
        ],
        exception_handlers=known_errors(issuer, unavailable),
        lifespan=lifespan,
    )
    # A second spelling of an address is another address: no redirect is built from what was asked.
    app.router.redirect_slashes = False
    return app
