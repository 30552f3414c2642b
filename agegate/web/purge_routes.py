"""The calls about purges and events: order, watch, confirm, prove, and what the service was told."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.confirm_leg import ConfirmLeg
from agegate.flows.purge_subject import PurgeSubject
from agegate.flows.view_purge import certificate, list_purges, view_purge
from agegate.flows.write_event import WriteEvent
from agegate.rules.errors import InputRefused, LegUnknown, SubjectUnknown
from agegate.rules.purge import PurgeReason, PurgeState
from agegate.store.purges import PAGE
from agegate.store.subjects import find_subject
from agegate.store.transaction import Transaction
from agegate.web.answers import leg_json, purge_json
from agegate.web.counter import Caller, Counter, answer
from agegate.web.faults import fault
from agegate.web.forms import parse_leg, parse_purge
from agegate.web.reader import read_json, read_position, read_query

PURGE = "/v1/purges/{id}"


@dataclass(frozen=True, slots=True)
class PurgeRoutes:
    """One method per call."""

    counter: Counter
    purge: PurgeSubject
    confirm: ConfirmLeg
    events: WriteEvent

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route("/v1/subjects/{subject}", self.delete_subject, methods=["DELETE"]),
            Route("/v1/purges", self.post_purge, methods=["POST"]),
            Route("/v1/purges", self.get_purges, methods=["GET"]),
            Route(PURGE, self.get_purge, methods=["GET"]),
            Route(f"{PURGE}/legs/{{holder}}", self.put_leg, methods=["PUT"]),
            Route(f"{PURGE}/certificate", self.get_certificate, methods=["GET"]),
            Route("/v1/events", self.get_events, methods=["GET"]),
        ]

    async def delete_subject(self, request: Request) -> Response:
        """DELETE /v1/subjects/{subject}: the subject asked for it. 202 with the purge."""
        caller = await self.counter.caller(request, "purge")
        subject, now = request.path_params["subject"], self.counter.clock()

        def order(tx: Transaction) -> str | SubjectUnknown:
            if find_subject(tx, caller.service.name, subject) is None:
                return SubjectUnknown()
            return self.purge.purge(tx, caller.service.name, subject, PurgeReason.SUBJECT_REQUEST, now)

        return answer({"purge": await self.counter.write(order, urgent=True)}, 202)

    async def post_purge(self, request: Request) -> Response:
        """POST /v1/purges: 202; one open purge per subject."""
        caller = await self.counter.caller(request, "purge")
        now = self.counter.clock()
        form = parse_purge(await read_json(request), now)
        view = await self.counter.write(
            lambda tx: self.purge(tx, caller.service, form.subject, form.reason, now), urgent=True
        )
        return answer(purge_json(view), 202)

    async def get_purge(self, request: Request) -> Response:
        """GET /v1/purges/{id}: how far it is; a holder sees its own leg."""
        caller = await self.counter.caller(request, "purge", "holder")
        wanted = request.path_params["id"]
        view = await self.counter.read(lambda tx: view_purge(tx, caller.service.name, wanted))
        return answer(purge_json(view.for_holder(caller.key.holder)))

    async def get_purges(self, request: Request) -> Response:
        """GET /v1/purges: a page; for a holder without inbound connections this is its inbox."""
        caller = await self.counter.caller(request, "purge", "holder")
        query = read_query(request)
        state = query.get("state")
        if state is not None and state not in set(PurgeState):
            raise InputRefused(fault("/state", "invalid_value"))
        holder, cursor = _own_holder(caller, query.get("holder")), query.get("cursor", "")
        views = await self.counter.read(lambda tx: list_purges(tx, caller.service.name, state, holder, cursor))
        following = views[-1].purge.id if len(views) == PAGE else None
        page = [purge_json(view.for_holder(caller.key.holder)) for view in views]
        return answer({"purges": page, "cursor": following})

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

    async def get_certificate(self, request: Request) -> Response:
        """GET /v1/purges/{id}/certificate: the signed evidence."""
        caller = await self.counter.caller(request, "purge")
        wanted = request.path_params["id"]
        signed = await self.counter.read(lambda tx: certificate(tx, caller.service.name, wanted))
        return Response(signed, media_type="application/jwt")

    async def get_events(self, request: Request) -> Response:
        """GET /v1/events: what this service was told, in order, after a cursor."""
        caller = await self.counter.caller(request, "signup")
        cursor = read_position(request)
        told = await self.counter.read(lambda tx: self.events.page(tx, caller.service.name, cursor))
        events = [{"id": f"ev_{row}", **body} for _, row, body in told]
        return answer({"events": events, "cursor": str(told[-1][0] if told else cursor)})


def _own_holder(caller: Caller, wanted: str | None) -> str | None:
    """A holder's key sees its own purges, whatever it asks for."""
    return caller.key.holder or wanted
