"""The edge of the HTTP room: every request passes here first, every response last.

Owns the order: the request's id, the limits, the gate, the routes, what became of a fault, then the headers and the
telling. Each of these is a module of its own; no route is named here.
"""

from collections.abc import Collection, Iterable, Sequence
from time import perf_counter
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send, StatelessLifespan

from agegate.entropy import Entropy, system_entropy
from agegate.web.access_log import NO_ANSWER, Seen, method_of, new_request_id, nobody_looks, route_template
from agegate.web.call_table import CallTable
from agegate.web.error_answers import ErrorAnswers
from agegate.web.gate import RequireCurrent, is_open, no_doubt
from agegate.web.hosts import AllowedHosts
from agegate.web.limits import Limits
from agegate.web.security_headers import SecurityHeaders

NO_UNAVAILABLE: Final[tuple[type[Exception], ...]] = ()


class Edge(Starlette):
    """An application that nothing enters or leaves past the edge.

    One frame around the call instead of a chain of middlewares, each with a sender of its own.
    """

    def __init__(  # noqa: PLR0913 - everything that the composition root hands to the edge, by name
        self,
        routes: Sequence[BaseRoute],
        *,
        issuer: str,
        loopback_names: Collection[str] = (),
        entropy: Entropy = system_entropy,
        unavailable: Iterable[type[Exception]] = NO_UNAVAILABLE,
        lifespan: StatelessLifespan[Starlette] | None = None,
        seen: Seen = nobody_looks,
        require_current: RequireCurrent = no_doubt,
    ) -> None:
        """`unavailable` names the exceptions that mean "the database cannot answer now" (503).

        `require_current` raises one of them while a restored database may not be believed. `seen` is told of each
        request.
        """
        super().__init__(routes=routes, lifespan=lifespan)
        self._calls = CallTable(routes)
        self._entropy, self._seen, self._require_current = entropy, seen, require_current
        self._headers = SecurityHeaders(issuer)
        self._limits = Limits(AllowedHosts.of(issuer, loopback_names))
        self._errors = ErrorAnswers(issuer, tuple(unavailable))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        began, status, request_id = perf_counter(), NO_ANSWER, new_request_id(self._entropy)
        scope.setdefault("state", {})["instance"] = f"urn:uuid:{request_id}"
        try:
            try:
                answer = self._limits.refusal(scope)
                if answer is None:
                    if not is_open(scope["path"]):
                        await self._require_current()
                    answer = await self._calls.find(scope).endpoint(Request(scope, receive))
            except Exception as fault:  # noqa: BLE001 - whatever a call raises is answered
                answer = self._errors.answer(Request(scope), fault)
                fault.__traceback__ = None  # its frames hold the request, and one of them the fault
            answer.raw_headers = self._headers.beside(answer.raw_headers, request_id)
            status = answer.status_code
            # What goes wrong from here on cannot be taken back; the server tells of it and closes.
            await answer(scope, receive, send)
        finally:
            self._seen(method_of(scope), route_template(scope), status, perf_counter() - began, request_id)
