"""The call by which a service reads again, in order, what it was told."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.write_event import WriteEvent
from agegate.web.counter import Counter, answer
from agegate.web.reader import read_position


@dataclass(frozen=True, slots=True)
class EventRoutes:
    """The feed of events."""

    counter: Counter
    events: WriteEvent

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [Route("/v1/events", self.get_events, methods=["GET"])]

    async def get_events(self, request: Request) -> Response:
        """GET /v1/events: what this service was told, in order, after a cursor."""
        caller = await self.counter.caller(request, "signup")
        cursor = read_position(request)
        told = await self.counter.read(lambda tx: self.events.page(tx, caller.service.name, cursor))
        events = [{"id": f"ev_{row}", **body} for _, row, body in told]
        return answer({"events": events, "cursor": str(told[-1][0] if told else cursor)})
