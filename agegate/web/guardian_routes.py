"""The guardian's pages. A GET shows, only a POST with a chosen answer acts; mail scanners may open every link.

The link is swapped for a cookie and a clean address, so that it stays out of histories and referrers.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from agegate.flows.answer_consent import AnswerConsent
from agegate.flows.open_link import Asked, OpenLink
from agegate.flows.withdraw_consent import WithdrawConsent
from agegate.rules.consent import Answer, RequestState
from agegate.rules.errors import (
    AgeGateError,
    AlreadyAnswered,
    FormForged,
    LinkUnknown,
    RequestExpired,
)
from agegate.signing.links import LinkKind
from agegate.web import cookies
from agegate.web.counter import Counter, granted
from agegate.web.guardian_facts import GuardianFacts
from agegate.web.page_facts import ExpiredPage, LinkUnknownPage, ManagePage, Page, QuestionPage
from agegate.web.pages import locale_of, render
from agegate.web.reader import read_form

COOKIE_LIFE = timedelta(hours=2)
CLEAN = {
    LinkKind.ANSWER: "/guardian",
    LinkKind.MANAGE: "/guardian/manage",
    LinkKind.CONFIRM: "/guardian/confirm",
    LinkKind.STOP: "/guardian/stop",
}
LONGEST_LINK = 256


@dataclass(frozen=True, slots=True)
class Visit:
    """A guardian's browser: the cookie as it came, and the request it names."""

    sealed: str = field(repr=False)
    request: str


@dataclass(frozen=True, slots=True)
class GuardianRoutes:
    """One method per page and per form."""

    counter: Counter
    links: OpenLink
    answer: AnswerConsent
    withdraw: WithdrawConsent
    facts: GuardianFacts
    issuer: str
    cookie_key: bytes = field(repr=False)

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route("/g/{link}", self.open, methods=["GET"]),
            Route("/guardian", self.show, methods=["GET"]),
            Route("/guardian", self.take_answer, methods=["POST"]),
            Route("/guardian/manage", self.show_manage, methods=["GET"]),
            Route("/guardian/manage", self.take_withdrawal, methods=["POST"]),
        ]

    async def open(self, request: Request) -> Response:
        """GET /g/{link}: changes nothing; a cookie, and on to the clean address."""
        link, now = request.path_params["link"], self.counter.clock()
        if len(link) > LONGEST_LINK:
            return self._unknown(request)
        opened = await self.counter.store.read(lambda tx: self.links(tx, link))
        if isinstance(opened, LinkUnknown):
            return self._unknown(request)
        response = RedirectResponse(CLEAN[opened.kind], 303)
        kind = cookies.KINDS[opened.kind]
        sealed = cookies.seal_cookie(self.cookie_key, cookies.GuardianCookie(kind, opened.request, now + COOKIE_LIFE))
        cookies.set_cookie(response, self.issuer, sealed, int(COOKIE_LIFE.total_seconds()))
        return response

    async def show(self, request: Request) -> Response:
        """GET /guardian: the question, or what became of it."""
        visit = self._visit(request, LinkKind.ANSWER)
        asked = await self._asked(visit)
        if asked is None or visit is None:
            return self._unknown(request)
        return self._page(request, self.facts.question_or_outcome(asked, self._nonce(visit), self.counter.clock()))

    async def take_answer(self, request: Request) -> Response:
        """POST /guardian: the answer, if one was chosen."""
        visit, form = await self._form(request, LinkKind.ANSWER)
        asked = await self._asked(visit)
        if asked is None:
            return self._unknown(request)
        now = self.counter.clock()
        chosen = form.get("answer", "")
        if chosen not in set(Answer):
            page = self.facts.choice_missing(asked, self._nonce(visit), now)
            return self._page(request, page, 422 if isinstance(page, QuestionPage) else None)
        if asked.request.state == RequestState.SUPERSEDED:
            return self._page(request, self.facts.conflict(asked))
        result = await self.counter.store.write(
            lambda tx: self.answer(tx, visit.request, Answer(chosen), now), urgent=True
        )
        return self._page(request, await self._after_answer(visit, asked, result, now))

    async def show_manage(self, request: Request) -> Response:
        """GET /guardian/manage: the receipt, what is held, and the way out."""
        visit = self._visit(request, LinkKind.MANAGE)
        asked = await self._asked(visit)
        if asked is None or visit is None:
            return self._unknown(request)
        return self._page(request, self.facts.manage(asked, self._nonce(visit), self.counter.clock()))

    async def take_withdrawal(self, request: Request) -> Response:
        """POST /guardian/manage: the consent is taken back, with deletion after the grace or now."""
        visit, form = await self._form(request, LinkKind.MANAGE)
        asked = await self._asked(visit)
        if asked is None:
            return self._unknown(request)
        now = self.counter.clock()
        chosen = form.get("choice", "")
        if chosen not in {"withdraw", "delete_now"}:
            page = self.facts.manage(asked, self._nonce(visit), now, choice_missing=True)
            return self._page(request, page, 422 if isinstance(page, ManagePage) else None)
        withdrawn = granted(
            await self.counter.store.write(
                lambda tx: self.withdraw(tx, visit.request, now, delete_now=chosen == "delete_now"), urgent=True
            )
        )
        return self._page(request, self.facts.withdrawn(asked, withdrawn, now))

    async def _after_answer(
        self, visit: Visit, asked: Asked, result: RequestState | AgeGateError, now: datetime
    ) -> Page:
        match result:
            case RequestState():
                return self.facts.answered(asked, result, now)
            case AlreadyAnswered():
                found = await self._asked(visit)
                return self.facts.conflict(found or asked)
            case RequestExpired():
                return ExpiredPage()
            case LinkUnknown():
                return LinkUnknownPage()
        raise result

    def _visit(self, request: Request, kind: LinkKind) -> Visit | None:
        sealed = cookies.read_cookie(request, self.issuer)
        opened = cookies.open_cookie(self.cookie_key, sealed, self.counter.clock()) if sealed else None
        if sealed is None or opened is None or opened.kind != kind:
            return None
        return Visit(sealed, opened.request_id)

    async def _form(self, request: Request, kind: LinkKind) -> tuple[Visit, dict[str, str]]:
        visit = self._visit(request, kind)
        if visit is None or not cookies.origin_allowed(request, self.issuer):
            raise FormForged
        form = dict(await read_form(request))
        if not cookies.nonce_matches(self.cookie_key, visit.sealed, CLEAN[kind], form.get("nonce", "")):
            raise FormForged
        return visit, form

    async def _asked(self, visit: Visit | None) -> Asked | None:
        if visit is None:
            return None
        found = await self.counter.store.read(lambda tx: self.links.asked(tx, visit.request))
        return None if isinstance(found, LinkUnknown) else found

    def _nonce(self, visit: Visit) -> str:
        opened = cookies.open_cookie(self.cookie_key, visit.sealed, self.counter.clock())
        kind = LinkKind(opened.kind) if opened else LinkKind.ANSWER
        return cookies.form_nonce(self.cookie_key, visit.sealed, CLEAN[kind])

    @staticmethod
    def _page(request: Request, page: Page, status: int | None = None) -> Response:
        return render(page, locale_of(request), status)

    def _unknown(self, request: Request) -> Response:
        return self._page(request, LinkUnknownPage())
