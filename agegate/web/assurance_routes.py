"""What a yes may need besides: the second step of e-mail plus, and the sign-in that shows an adult.

A sign-in answers nothing: whoever comes back from a provider still has to choose on the question's page.
"""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from agegate.flows.answer_consent import AnswerConsent
from agegate.flows.confirm_consent import ConfirmConsent
from agegate.flows.open_link import Asked
from agegate.flows.start_sign_in import StartSignIn
from agegate.flows.take_sign_in import TakeSignIn
from agegate.flows.verify_guardian import verify_guardian
from agegate.remote.guardian_verifier import NotShown
from agegate.remote.verifiers import Verifiers
from agegate.rules.consent import Answer, RequestState
from agegate.rules.errors import AgeGateError, LinkUnknown, ProviderUnavailable, RequestExpired, SignInOver
from agegate.web.assurance_facts import CONFIRM, DECLINE, AssuranceFacts, refusal_of, sent_out
from agegate.web.counter import granted
from agegate.web.guardian_visits import Visit, Visits, shown, unknown
from agegate.web.page_facts import ConfirmPage, ExpiredPage, GoPage
from agegate.web.reader import read_query

QUESTION, CONFIRMED, VERIFY, VERIFIED = "/guardian", "/guardian/confirm", "/guardian/verify", "/guardian/verified"


@dataclass(frozen=True, slots=True)
class AssuranceRoutes:
    """One method per page, form and way back."""

    visits: Visits
    answer: AnswerConsent
    confirm: ConfirmConsent
    sign_in: StartSignIn
    verifiers: Verifiers
    facts: AssuranceFacts

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route(CONFIRMED, self.show_confirm, methods=["GET"]),
            Route(CONFIRMED, self.take_confirm, methods=["POST"]),
            Route(VERIFY, self.go, methods=["POST"]),
            Route(VERIFIED, self.come_back, methods=["GET"]),
        ]

    async def show_confirm(self, request: Request) -> Response:
        """GET /guardian/confirm: the second step, or what became of the first."""
        visit = self.visits.of(request, CONFIRMED)
        asked = await self.visits.asked(visit)
        if asked is None or visit is None:
            return unknown(request)
        return shown(request, self.facts.second_step(asked, self.visits.nonce(visit, CONFIRMED), self._now()))

    async def take_confirm(self, request: Request) -> Response:
        """POST /guardian/confirm: the yes is final, or taken back."""
        visit, form = await self.visits.form(request, CONFIRMED)
        asked = await self.visits.asked(visit)
        if asked is None:
            return unknown(request)
        chosen, now = form.get("answer", ""), self._now()
        if chosen not in {CONFIRM, DECLINE}:
            nonce = self.visits.nonce(visit, CONFIRMED)
            page = self.facts.second_step(asked, nonce, now, choice_missing=True)
            return shown(request, page, 422 if isinstance(page, ConfirmPage) else None)
        result = await self._settle(visit, chosen, now)
        return await self._after(request, visit, asked, result)

    async def go(self, request: Request) -> Response:
        """POST /guardian/verify: a page with the way to the provider; browsers refuse forms that lead elsewhere."""
        visit, form = await self.visits.form(request, VERIFY)
        asked = await self.visits.asked(visit)
        verifier = self.verifiers.find(form.get("provider", ""), asked.service.name) if asked else None
        if asked is None or verifier is None:
            return unknown(request)
        now = self._now()
        begun = granted(
            await self.visits.counter.store.write(
                lambda tx: self.sign_in(tx, visit.request, verifier.name, visit.sealed, now)
            )
        )
        where = await verifier.begin(sent_out(begun, self.visits.issuer), now)
        if isinstance(where, NotShown):
            raise ProviderUnavailable
        return shown(request, GoPage(label=verifier.label, address=where))

    async def come_back(self, request: Request) -> Response:
        """GET /guardian/verified: an adult is shown, or the reason why not. No answer is given here."""
        query, visit = read_query(request), self.visits.of(request, VERIFIED)
        if visit is None:
            raise SignInOver
        now, store = self._now(), self.visits.counter.store
        take = TakeSignIn(self.sign_in)
        back = granted(await store.write(lambda tx: take(tx, query.get("state", ""), visit.request, visit.sealed, now)))
        asked = await self.visits.asked(visit)
        verifier = self.verifiers.find(back.sign_in.provider, asked.service.name) if asked else None
        if verifier is None:
            raise SignInOver
        came = await verifier.finish(sent_out(back.sign_in, self.visits.issuer), query, back.today, now)
        if isinstance(came, NotShown):
            raise refusal_of(came)
        granted(await store.write(lambda tx: verify_guardian(tx, visit.request, came.method, came.reference, now)))
        return RedirectResponse(QUESTION, 303)

    async def _settle(self, visit: Visit, chosen: str, now: datetime) -> RequestState | AgeGateError:
        store = self.visits.counter.store
        if chosen == CONFIRM:
            return await store.write(lambda tx: self.confirm(tx, visit.request, now), urgent=True)
        return await store.write(lambda tx: self.answer(tx, visit.request, Answer.DECLINE, now), urgent=True)

    async def _after(
        self, request: Request, visit: Visit, asked: Asked, result: RequestState | AgeGateError
    ) -> Response:
        if isinstance(result, RequestState):
            found = await self.visits.asked(visit) or asked
            return shown(request, self.facts.answered(found, result, self._now()))
        if isinstance(result, RequestExpired):
            return shown(request, ExpiredPage())
        if isinstance(result, LinkUnknown):
            return unknown(request)
        raise result

    def _now(self) -> datetime:
        return self.visits.counter.clock()
