"""The public form: somebody saw a child use a service. The answer is the same whoever is meant.

No cookie and no key: what is typed is an account's public name. A form from elsewhere is refused, and a network has a
limit a day; behind a proxy that is not trusted to say who asks, nothing is counted here.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.receive_report import ReceiveReport
from agegate.rules.errors import FormForged, ReportLimitReached
from agegate.store.records import Service
from agegate.web import cookies
from agegate.web.child_name import is_account_name
from agegate.web.counter import Counter
from agegate.web.guardian_visits import shown
from agegate.web.origins import Origins
from agegate.web.page_facts import ReportPage
from agegate.web.reader import read_form
from agegate.web.refusals import PathUnknown

HERE = "/report/{service}"


@dataclass(frozen=True, slots=True)
class ReportFormRoutes:
    """The page and its form."""

    counter: Counter
    receive: ReceiveReport
    issuer: str
    origins: Origins

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [Route(HERE, self.show, methods=["GET"]), Route(HERE, self.take, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """GET /report/{service}: the form."""
        return shown(request, _page(await self._service(request)))

    async def take(self, request: Request) -> Response:
        """POST /report/{service}: taken, whoever is meant."""
        if not cookies.origin_allowed(request, self.issuer):
            raise FormForged
        form, service = await read_form(request), await self._service(request)
        account = form.get("account", "").strip()
        if not is_account_name(account):
            return shown(request, _page(service, name_missing=True), 422)
        now, network = self.counter.clock(), self.origins.network_of(request)
        row = await self.counter.store.write(lambda tx: self.receive(tx, service, account, network, now))
        if isinstance(row, ReportLimitReached):
            raise row
        return shown(request, _page(service, sent=True))

    async def _service(self, request: Request) -> Service:
        registry = await self.counter.registry.current()
        service = registry.services.get(request.path_params["service"])
        if service is None:
            raise PathUnknown
        return service


def _page(service: Service, *, sent: bool = False, name_missing: bool = False) -> ReportPage:
    name = service.controller_name or service.name
    return ReportPage(service=service.name, product=name, sent=sent, name_missing=name_missing)
