"""The consent that was given: what it allows, its receipt, and the way out. Reached by the link in the receipt's mail.

One box has to be ticked before a consent is taken back, so that a program that presses every button ends none.
"""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.open_link import Asked
from agegate.flows.show_receipt import show_receipt
from agegate.flows.switch_purposes import SwitchPurposes
from agegate.flows.withdraw_consent import WithdrawConsent
from agegate.rules.consent import RequestState
from agegate.rules.errors import AgeGateError, AlreadyAnswered
from agegate.web.consent_facts import ConsentFacts
from agegate.web.counter import granted
from agegate.web.guardian_routes import switches
from agegate.web.guardian_visits import Visit, Visits, shown, spoken, unknown
from agegate.web.pages import kept

HERE = "/guardian/manage"
RECEIPT = "/guardian/receipt"


@dataclass(frozen=True, slots=True)
class ManageRoutes:
    """One method per page and per form."""

    visits: Visits
    withdraw: WithdrawConsent
    switch: SwitchPurposes
    facts: ConsentFacts

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route(HERE, self.show, methods=["GET"]),
            Route(HERE, self.take_change, methods=["POST"]),
            Route(RECEIPT, self.show_receipt, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """GET /guardian/manage: the receipt, what is held, and the way out."""
        visit = self.visits.of(request, HERE)
        asked = await self.visits.asked(visit)
        if asked is None or visit is None:
            return unknown(request)
        return shown(request, self.facts.manage(asked, self.visits.nonce(visit, HERE), self._now()), asked=asked)

    async def show_receipt(self, request: Request) -> Response:
        """GET /guardian/receipt: the page that is also in the receipt's mail, with its signed text."""
        visit = self.visits.of(request, RECEIPT)
        asked = await self.visits.asked(visit)
        if asked is None or asked.receipt is None:
            return unknown(request)
        locale = spoken(request, asked)
        page = await self.visits.counter.store.read(lambda tx: show_receipt(tx, asked.request.id, locale))
        return kept(page.html, locale) if page else unknown(request)

    async def take_change(self, request: Request) -> Response:
        """POST /guardian/manage: purposes are switched, or the consent is taken back."""
        visit, form = await self.visits.form(request, HERE)
        asked = await self.visits.asked(visit)
        if asked is None:
            return unknown(request)
        now, nonce = self._now(), self.visits.nonce(visit, HERE)
        if asked.request.state == RequestState.AGED_OUT:
            return shown(request, self.facts.manage(asked, nonce, now), 409, asked=asked)
        match form.get("choice", ""), form.get("sure", ""):
            case "switch", _:
                return await self._switched(request, visit, asked, switches(form), now)
            case "withdraw" | "delete_now" as choice, "yes":
                return await self._withdrawn(request, visit, asked, now, delete_now=choice == "delete_now")
        page = self.facts.manage(asked, nonce, now, choice_missing=True)
        return shown(request, page, 422, asked=asked)

    async def _switched(
        self, request: Request, visit: Visit, asked: Asked, given: frozenset[str], now: datetime
    ) -> Response:
        result = await self.visits.counter.store.write(
            lambda tx: self.switch(tx, visit.request, given, now), urgent=True
        )
        found, nonce = await self.visits.asked(visit) or asked, self.visits.nonce(visit, HERE)
        if isinstance(result, AlreadyAnswered):
            return shown(request, self.facts.manage(found, nonce, now), 409, asked=asked)
        granted(result)
        return shown(request, self.facts.manage(found, nonce, now, saved=True), asked=asked)

    async def _withdrawn(
        self, request: Request, visit: Visit, asked: Asked, now: datetime, *, delete_now: bool
    ) -> Response:
        result = await self.visits.counter.store.write(
            lambda tx: self.withdraw(tx, visit.request, now, delete_now=delete_now), urgent=True
        )
        if isinstance(result, AgeGateError):
            raise result
        return shown(request, self.facts.withdrawn(asked, result, self.visits.nonce(visit, HERE), now), asked=asked)

    def _now(self) -> datetime:
        return self.visits.counter.clock()
