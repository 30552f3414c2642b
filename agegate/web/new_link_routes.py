"""The form that asks for a new link by mail. The answer is the same for every address, known here or not."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.ask_manage_link import AskManageLink
from agegate.rules.errors import FormForged
from agegate.web import cookies
from agegate.web.addresses import AddressRefused, read_address
from agegate.web.counter import Counter
from agegate.web.guardian_visits import shown
from agegate.web.page_facts import NewLinkPage
from agegate.web.reader import read_form

HERE = "/guardian/new-link"


@dataclass(frozen=True, slots=True)
class NewLinkRoutes:
    """The page and its form. No cookie is needed: whoever comes here has none."""

    counter: Counter
    ask: AskManageLink
    issuer: str

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route(HERE, self.show, methods=["GET"]),
            Route(HERE, self.take_address, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """GET /guardian/new-link: the form."""
        return shown(request, NewLinkPage())

    async def take_address(self, request: Request) -> Response:
        """POST /guardian/new-link: a mail, if that address ever consented; nobody here learns whether."""
        if not cookies.origin_allowed(request, self.issuer):
            raise FormForged
        form = await read_form(request)
        try:
            address, now = read_address(form.get("email", "").strip()), self.counter.clock()
        except AddressRefused:
            return shown(request, NewLinkPage(address_missing=True), 422)
        await self.counter.store.write(lambda tx: self.ask(tx, address, now))
        return shown(request, NewLinkPage(sent=True))
