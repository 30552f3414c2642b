"""The calls about one leg of a purge: the holder's own word, and two persons' word on a holder that is no more."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.close_leg import CloseLeg
from agegate.flows.confirm_leg import ConfirmLeg
from agegate.rules.errors import LegUnknown
from agegate.web.answers import leg_json
from agegate.web.counter import Counter, answer
from agegate.web.forms import parse_closing, parse_leg
from agegate.web.reader import read_json

LEG = "/v1/purges/{id}/legs/{holder}"


@dataclass(frozen=True, slots=True)
class LegRoutes:
    """One method per call."""

    counter: Counter
    confirm: ConfirmLeg
    close: CloseLeg

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route(LEG, self.put_leg, methods=["PUT"]),
            Route(f"{LEG}/closings", self.post_closing, methods=["POST"]),
        ]

    async def put_leg(self, request: Request) -> Response:
        """PUT /v1/purges/{id}/legs/{holder}: the holder's own word, and nobody else's."""
        caller = await self.counter.caller(request, "holder")
        purge, holder = request.path_params["id"], request.path_params["holder"]
        if caller.key.holder != holder:
            raise LegUnknown
        now = self.counter.clock()
        form = parse_leg(await read_json(request), now)
        leg = await self.counter.write(
            lambda tx: self.confirm(tx, caller.service.name, purge, holder, form, now), urgent=True
        )
        return answer(leg_json(leg))

    async def post_closing(self, request: Request) -> Response:
        """POST …/closings: 202 after the first person's word, 200 once the leg is closed."""
        caller = await self.counter.caller(request, "operator")
        purge, holder = request.path_params["id"], request.path_params["holder"]
        person, now = str(caller.key.person), self.counter.clock()
        reason = parse_closing(await read_json(request), now)
        leg = await self.counter.write(
            lambda tx: self.close(tx, caller.service.name, purge, holder, person, reason, now)
        )
        return answer(leg_json(leg), 200 if leg.closed_at else 202)
