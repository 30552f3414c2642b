"""The calls about purges: order, watch, fetch, prove. What is said about one leg is in `leg_routes`."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.purge_subject import PurgeSubject
from agegate.flows.view_purge import ViewPurges, certificate, list_purges
from agegate.rules.errors import InputRefused
from agegate.rules.purge import PurgeState
from agegate.store.purges import PAGE
from agegate.web.answers import purge_json
from agegate.web.counter import Counter, answer
from agegate.web.faults import fault
from agegate.web.forms import parse_purge
from agegate.web.reader import read_json, read_query

PURGE = "/v1/purges/{id}"


@dataclass(frozen=True, slots=True)
class PurgeRoutes:
    """One method per call."""

    counter: Counter
    purge: PurgeSubject
    views: ViewPurges

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route("/v1/subjects/{subject}", self.delete_subject, methods=["DELETE"]),
            Route("/v1/purges", self.post_purge, methods=["POST"]),
            Route("/v1/purges", self.get_purges, methods=["GET"]),
            Route(PURGE, self.get_purge, methods=["GET"]),
            Route(f"{PURGE}/certificate", self.get_certificate, methods=["GET"]),
        ]

    async def delete_subject(self, request: Request) -> Response:
        """DELETE /v1/subjects/{subject}: the subject asked for it. 202 with the purge."""
        caller = await self.counter.caller(request, "purge")
        subject, now = request.path_params["subject"], self.counter.clock()
        purge = await self.counter.write(lambda tx: self.purge.as_asked(tx, caller.service, subject, now), urgent=True)
        return answer({"purge": purge}, 202)

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
        """GET /v1/purges/{id}: how far it is; a holder sees its own leg and its order."""
        caller = await self.counter.caller(request, "purge", "holder")
        wanted, holder, now = request.path_params["id"], caller.key.holder, self.counter.clock()
        view = await self.counter.read(lambda tx: self.views.one(tx, caller.service.name, wanted, holder, now))
        return answer(purge_json(view))

    async def get_purges(self, request: Request) -> Response:
        """GET /v1/purges: a page; for a holder without inbound connections this is its inbox."""
        caller = await self.counter.caller(request, "purge", "holder")
        query = read_query(request)
        state = query.get("state")
        if state is not None and state not in set(PurgeState):
            raise InputRefused(fault("/state", "invalid_value"))
        service, holder, cursor, now = (
            caller.service.name,
            caller.key.holder,
            query.get("cursor", ""),
            self.counter.clock(),
        )
        if holder is None:
            views = await self.counter.read(lambda tx: list_purges(tx, service, state, query.get("holder"), cursor))
        else:  # a holder's key sees its own purges, whatever it asks for
            views = await self.counter.read(lambda tx: self.views.inbox(tx, service, state, holder, cursor, now))
        following = views[-1].purge.id if len(views) == PAGE else None
        page = [purge_json(view) for view in views]
        return answer({"purges": page, "cursor": following})

    async def get_certificate(self, request: Request) -> Response:
        """GET /v1/purges/{id}/certificate: the signed evidence."""
        caller = await self.counter.caller(request, "purge")
        wanted = request.path_params["id"]
        signed = await self.counter.read(lambda tx: certificate(tx, caller.service.name, wanted))
        return Response(signed, media_type="application/jwt")
