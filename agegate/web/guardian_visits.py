"""A guardian's browser at our door: the cookie that a link was swapped for, and the proof that a form is ours.

Owns which link opens which page. What a page shows is `guardian_facts`; what a form does, the flows'.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agegate.flows.open_link import Asked, OpenedLink, OpenLink
from agegate.rules.errors import FormForged, LinkUnknown
from agegate.signing.links import LinkKind
from agegate.web import cookies
from agegate.web.counter import Counter
from agegate.web.page_facts import LinkUnknownPage, Page
from agegate.web.pages import locale_of, render
from agegate.web.reader import read_form

COOKIE_LIFE = timedelta(hours=2)
LONGEST_LINK = 256
ENGLISH = "en"
CLEAN = {
    LinkKind.ANSWER: "/guardian",
    LinkKind.MANAGE: "/guardian/manage",
    LinkKind.CONFIRM: "/guardian/confirm",
    LinkKind.STOP: "/guardian/stop",
}
OPENS = {
    "/guardian": frozenset({LinkKind.ANSWER}),
    "/guardian/manage": frozenset({LinkKind.MANAGE}),
    "/guardian/receipt": frozenset({LinkKind.MANAGE}),
    "/guardian/verify": frozenset({LinkKind.ANSWER}),
    "/guardian/verified": frozenset({LinkKind.ANSWER}),
    "/guardian/confirm": frozenset({LinkKind.CONFIRM}),
    "/guardian/stop": frozenset({LinkKind.STOP, LinkKind.ANSWER}),
}
"""For each clean address: the links whose cookie opens it. The question's page has the forms of /guardian/stop, too."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A guardian's browser: the cookie as it came, and the request it names."""

    sealed: str = field(repr=False)
    request: str


@dataclass(frozen=True, slots=True)
class Visits:
    """What the routes of all guardian pages share."""

    counter: Counter
    links: OpenLink
    issuer: str
    cookie_key: bytes = field(repr=False)

    async def opened(self, link: str) -> OpenedLink | None:
        """What a link is for; None for every link that opens nothing."""
        if len(link) > LONGEST_LINK:
            return None
        found = await self.counter.store.read(lambda tx: self.links(tx, link))
        return None if isinstance(found, LinkUnknown) else found

    def let_in(self, opened: OpenedLink) -> Response:
        """On to the clean address, with the cookie that opens it."""
        response = RedirectResponse(CLEAN[opened.kind], 303)
        until = self.counter.clock() + COOKIE_LIFE
        kind = cookies.KINDS[opened.kind]
        sealed = cookies.seal_cookie(self.cookie_key, cookies.GuardianCookie(kind, opened.request, until))
        cookies.set_cookie(response, self.issuer, sealed, int(COOKIE_LIFE.total_seconds()))
        return response

    def of(self, request: Request, address: str) -> Visit | None:
        """Who looks at a clean address; None without a cookie that opens it."""
        sealed = cookies.read_cookie(request, self.issuer)
        opened = cookies.open_cookie(self.cookie_key, sealed, self.counter.clock()) if sealed else None
        if sealed is None or opened is None or opened.kind not in OPENS[address]:
            return None
        return Visit(sealed, opened.request_id)

    async def form(self, request: Request, address: str) -> tuple[Visit, Mapping[str, str]]:
        """The fields of a form that our own page sent; any other is refused."""
        visit = self.of(request, address)
        if visit is None or not cookies.origin_allowed(request, self.issuer):
            raise FormForged
        form = await read_form(request)
        if not cookies.nonce_matches(self.cookie_key, visit.sealed, address, form.get("nonce", "")):
            raise FormForged
        return visit, form

    async def asked(self, visit: Visit | None) -> Asked | None:
        """The request a visit is about, as it stands now."""
        if visit is None:
            return None
        found = await self.counter.store.read(lambda tx: self.links.asked(tx, visit.request))
        return None if isinstance(found, LinkUnknown) else found

    def nonce(self, visit: Visit, address: str) -> str:
        """What a form to that address has to bring back."""
        return cookies.form_nonce(self.cookie_key, visit.sealed, address)


def shown(request: Request, page: Page, status: int | None = None, *, asked: Asked | None = None) -> Response:
    """The page in the visitor's language."""
    return render(page, spoken(request, asked), status)


def spoken(request: Request, asked: Asked | None) -> str:
    """The question's language; English, which is also what nobody chose, yields to the browser's."""
    stored = asked.request.locale if asked else ENGLISH
    return locale_of(request) if stored == ENGLISH else stored


def unknown(request: Request) -> Response:
    """The one page for whatever opens nothing."""
    return shown(request, LinkUnknownPage())
