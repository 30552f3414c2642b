"""GET /metrics on the server's own port: for whoever knows the token, and in the test environment for this machine.

Owns who may read. Without a token in production there is nothing at this address; the listener of `--metrics-port` is
the other way in.
"""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.telemetry.listener import is_loopback, knows
from agegate.telemetry.scrape import Scrape
from agegate.web.refusals import NotAuthenticated, PathUnknown


@dataclass(frozen=True, slots=True)
class MetricsRoutes:
    """One address."""

    scrape: Scrape
    token: str | None = field(repr=False)
    in_test: bool

    def routes(self) -> list[BaseRoute]:
        """The address."""
        return [Route("/metrics", self.metrics, methods=["GET"])]

    async def metrics(self, request: Request) -> Response:
        """GET /metrics: text, or OpenMetrics where the Accept header asks for it."""
        if self.token is None and not (self.in_test and request.client and is_loopback(request.client.host)):
            raise PathUnknown
        if self.token is not None and not knows(request.headers.get("authorization"), self.token):
            raise NotAuthenticated
        body, media_type = await self.scrape(request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": media_type})
