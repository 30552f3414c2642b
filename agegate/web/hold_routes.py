"""The calls about legal holds. Only a person's key may make them, and a second person's approves."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.clock import rfc3339
from agegate.flows.end_hold import EndHold
from agegate.flows.place_hold import ApproveHold, RequestHold
from agegate.store.holds import Hold, holds_of
from agegate.web.counter import Counter, answer
from agegate.web.forms import parse_hold
from agegate.web.reader import read_json


@dataclass(frozen=True, slots=True)
class HoldRoutes:
    """Ask, approve, release, list."""

    counter: Counter
    ask: RequestHold
    approve: ApproveHold
    end: EndHold

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route("/v1/subjects/{subject}/holds", self.post_hold, methods=["POST"]),
            Route("/v1/holds", self.get_holds, methods=["GET"]),
            Route("/v1/holds/{hold}/approval", self.put_approval, methods=["PUT"]),
            Route("/v1/holds/{hold}", self.delete_hold, methods=["DELETE"]),
        ]

    async def post_hold(self, request: Request) -> Response:
        """POST …/holds: 202, since another person has to approve it."""
        caller = await self.counter.caller(request, "operator")
        subject, now, person = request.path_params["subject"], self.counter.clock(), str(caller.key.person)
        form = parse_hold(await read_json(request), now)
        hold = await self.counter.write(lambda tx: self.ask(tx, caller.service.name, subject, form, person, now))
        return answer(hold_json(hold), 202)

    async def put_approval(self, request: Request) -> Response:
        """PUT …/approval: the data is restricted from now on."""
        caller = await self.counter.caller(request, "operator")
        row, now, person = request.path_params["hold"], self.counter.clock(), str(caller.key.person)
        service = caller.service.name
        hold = await self.counter.write(lambda tx: self.approve(tx, service, row, person, now), urgent=True)
        return answer(hold_json(hold))

    async def delete_hold(self, request: Request) -> Response:
        """DELETE /v1/holds/{hold}: what waited for its end goes on."""
        caller = await self.counter.caller(request, "operator")
        row, now, person = request.path_params["hold"], self.counter.clock(), str(caller.key.person)
        hold = await self.counter.write(lambda tx: self.end.release(tx, caller.service.name, row, person, now))
        return answer(hold_json(hold))

    async def get_holds(self, request: Request) -> Response:
        """GET /v1/holds: all of this service, the newest first."""
        caller = await self.counter.caller(request, "operator")
        held = await self.counter.read(lambda tx: holds_of(tx, caller.service.name))
        return answer({"holds": [hold_json(hold) for hold in held]})


def hold_json(hold: Hold) -> dict[str, object]:
    """A hold; it names no subject."""
    return {
        "id": hold.id,
        "state": hold.state,
        "reason": hold.reason,
        "reference": hold.reference,
        "owner": hold.owner,
        "requested_by": hold.requested_by,
        "requested_at": rfc3339(hold.requested_at),
        "approved_by": hold.approved_by,
        "approved_at": rfc3339(hold.approved_at) if hold.approved_at else None,
        "ends_at": rfc3339(hold.ends_at),
        "ended_at": rfc3339(hold.ended_at) if hold.ended_at else None,
    }
