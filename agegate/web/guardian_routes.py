"""The link in the mail, and the question. A GET shows, only a POST with a chosen answer acts: scanners open links.

The link is swapped for a cookie and a clean address, so that it stays out of histories and referrers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.answer_consent import AnswerConsent
from agegate.flows.open_link import Asked
from agegate.rules.consent import Answer, RequestState
from agegate.rules.errors import AgeGateError, AlreadyAnswered, LinkUnknown, RequestExpired
from agegate.web.guardian_facts import GuardianFacts, Nonces
from agegate.web.guardian_visits import Visit, Visits, shown, unknown
from agegate.web.page_facts import ExpiredPage, LinkUnknownPage, Page, SupersededPage

HERE, STOP, VERIFY = "/guardian", "/guardian/stop", "/guardian/verify"
REFUSE = "refuse"
"""What the page of a superseded question sends, so that a no to the question itself never ends another's yes."""

SWITCH = "purpose."


@dataclass(frozen=True, slots=True)
class GuardianRoutes:
    """One method per page and per form."""

    visits: Visits
    answer: AnswerConsent
    facts: GuardianFacts

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route("/g/{link}", self.open, methods=["GET"]),
            Route(HERE, self.show, methods=["GET"]),
            Route(HERE, self.take_answer, methods=["POST"]),
        ]

    async def open(self, request: Request) -> Response:
        """GET /g/{link}: changes nothing; a cookie, and on to the clean address."""
        opened = await self.visits.opened(request.path_params["link"])
        return unknown(request) if opened is None else self.visits.let_in(opened)

    async def show(self, request: Request) -> Response:
        """GET /guardian: the question, or what became of it."""
        visit = self.visits.of(request, HERE)
        asked = await self.visits.asked(visit)
        if asked is None or visit is None:
            return unknown(request)
        return shown(request, self.facts.question_or_outcome(asked, self._nonces(visit), self._now()), asked=asked)

    async def take_answer(self, request: Request) -> Response:
        """POST /guardian: the answer, if one was chosen."""
        visit, form = await self.visits.form(request, HERE)
        asked = await self.visits.asked(visit)
        if asked is None:
            return unknown(request)
        now, chosen = self._now(), form.get("answer", "")
        is_late = asked.request.state == RequestState.SUPERSEDED
        if chosen not in ({*Answer, REFUSE} if is_late else set(Answer)):
            page, missing = self.facts.choice_missing(asked, self._nonces(visit), now)
            return shown(request, page, 422 if missing else None, asked=asked)
        if is_late and chosen != REFUSE:
            return shown(request, self.facts.question_or_outcome(asked, self._nonces(visit), now), 409, asked=asked)
        if is_late:
            result = await self.visits.counter.store.write(
                lambda tx: self.answer.refuse(tx, visit.request, now), urgent=True
            )
        else:
            result = await self.visits.counter.store.write(
                lambda tx: self.answer(tx, visit.request, Answer(chosen), now, switches(form)), urgent=True
            )
        page = await self._after(visit, asked, result, now)
        # Another guardian was a moment faster: a no to the question is not yet a no to that yes.
        return shown(request, page, 409 if isinstance(page, SupersededPage) else None, asked=asked)

    async def _after(self, visit: Visit, asked: Asked, result: RequestState | AgeGateError, now: datetime) -> Page:
        found = await self.visits.asked(visit) or asked
        match result:
            case RequestState():
                return self.facts.outcome(found, result, self._nonces(visit), now)
            case AlreadyAnswered() if found.request.state == RequestState.SUPERSEDED:
                return self.facts.question_or_outcome(found, self._nonces(visit), now)
            case AlreadyAnswered():
                return self.facts.conflict(found)
            case RequestExpired():
                return ExpiredPage()
            case LinkUnknown():
                return LinkUnknownPage()
        raise result

    def _nonces(self, visit: Visit) -> Nonces:
        return Nonces(*(self.visits.nonce(visit, address) for address in (HERE, STOP, VERIFY)))

    def _now(self) -> datetime:
        return self.visits.counter.clock()


def switches(form: Mapping[str, str]) -> frozenset[str]:
    """The ids of the switches that a form sends as on."""
    return frozenset(name.removeprefix(SWITCH) for name in form if name.startswith(SWITCH) and form[name] == "on")
