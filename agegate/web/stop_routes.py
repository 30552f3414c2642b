"""The way out for whoever was asked by mistake: not my child, never write to me again.

A box has to be ticked for either, so that a program that presses every button ends nothing. Mail programs unsubscribe
in one step by RFC 8058: that POST carries no cookie, its link is the proof.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.open_link import Asked
from agegate.flows.stop_request import StopRequest
from agegate.rules.consent import RequestState, Stop
from agegate.rules.errors import AlreadyAnswered, LinkUnknown
from agegate.signing.links import LinkKind
from agegate.web.counter import granted
from agegate.web.guardian_facts import GuardianFacts
from agegate.web.guardian_visits import Visits, shown, unknown
from agegate.web.page_facts import StoppedPage, UsedLinkPage
from agegate.web.reader import read_form

HERE = "/guardian/stop"


@dataclass(frozen=True, slots=True)
class StopRoutes:
    """One method per page and per form."""

    visits: Visits
    stop: StopRequest
    facts: GuardianFacts

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route("/g/{link}", self.take_one_click, methods=["POST"]),
            Route(HERE, self.show, methods=["GET"]),
            Route(HERE, self.take_stop, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """GET /guardian/stop: the two forms."""
        visit = self.visits.of(request, HERE)
        asked = await self.visits.asked(visit)
        if asked is None or visit is None:
            return unknown(request)
        return shown(request, self.facts.stop(asked, self.visits.nonce(visit, HERE)), asked=asked)

    async def take_stop(self, request: Request) -> Response:
        """POST /guardian/stop: the question ends without an answer."""
        visit, form = await self.visits.form(request, HERE)
        asked = await self.visits.asked(visit)
        if asked is None:
            return unknown(request)
        chosen = form.get("stop", "")
        if chosen not in set(Stop):
            page = self.facts.stop(asked, self.visits.nonce(visit, HERE), choice_missing=True)
            return shown(request, page, 422, asked=asked)
        return await self._stopped(request, asked, Stop(chosen))

    async def take_one_click(self, request: Request) -> Response:
        """POST /g/{link}: only the one-click unsubscription of RFC 8058, and only at the link that is for it."""
        form = await read_form(request)
        opened = await self.visits.opened(request.path_params["link"])
        if opened is None or opened.kind != LinkKind.STOP or form.get("List-Unsubscribe") != "One-Click":
            return unknown(request)
        asked = await self.visits.counter.store.read(lambda tx: self.visits.links.asked(tx, opened.request))
        return (
            unknown(request)
            if isinstance(asked, LinkUnknown)
            else await self._stopped(request, asked, Stop.NEVER_AGAIN)
        )

    async def _stopped(self, request: Request, asked: Asked, stop: Stop) -> Response:
        now, row = self.visits.counter.clock(), asked.request.id
        result = await self.visits.counter.store.write(lambda tx: self.stop(tx, row, stop, now), urgent=True)
        if isinstance(result, AlreadyAnswered):
            return shown(request, UsedLinkPage(), asked=asked)
        ended = granted(result) == RequestState.UNDELIVERABLE
        return shown(request, StoppedPage(never_again=stop is Stop.NEVER_AGAIN, ended=ended), asked=asked)
