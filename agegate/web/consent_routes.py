"""The calls about consent requests: ask a guardian, ask again, look."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.clock import rfc3339
from agegate.flows.request_consent import RequestConsent
from agegate.flows.view_request import ResendMail, view_request
from agegate.web.answers import request_json
from agegate.web.counter import Counter, answer
from agegate.web.forms import parse_consent_request
from agegate.web.reader import read_json

REQUESTS = "/v1/subjects/{subject}/consent-requests"


@dataclass(frozen=True, slots=True)
class ConsentRoutes:
    """One method per call."""

    counter: Counter
    request_consent: RequestConsent
    resend: ResendMail

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route(REQUESTS, self.post_request, methods=["POST"]),
            Route(f"{REQUESTS}/{{id}}", self.get_request, methods=["GET"]),
            Route(f"{REQUESTS}/{{id}}/mails", self.post_mail, methods=["POST"]),
        ]

    async def post_request(self, request: Request) -> Response:
        """POST …/consent-requests: 202, the mail follows."""
        caller = await self.counter.caller(request, "consent")
        subject, now = request.path_params["subject"], self.counter.clock()
        form = parse_consent_request(await read_json(request), now)
        asked = await self.counter.write(lambda tx: self.request_consent(tx, caller.service, subject, form, now))
        return answer({"id": asked.id, "state": asked.state, "expires_at": rfc3339(asked.expires_at)}, 202)

    async def get_request(self, request: Request) -> Response:
        """GET …/consent-requests/{id}."""
        caller = await self.counter.caller(request, "consent")
        subject, wanted = request.path_params["subject"], request.path_params["id"]
        found = await self.counter.read(lambda tx: view_request(tx, caller.service, subject, wanted))
        return answer(request_json(found))

    async def post_mail(self, request: Request) -> Response:
        """POST …/mails: the same link again, 202."""
        caller = await self.counter.caller(request, "consent")
        subject, wanted = request.path_params["subject"], request.path_params["id"]
        now = self.counter.clock()
        found = await self.counter.write(lambda tx: self.resend(tx, caller.service, subject, wanted, now))
        return answer(request_json(found), 202)
