"""The calls by which others speak about a guardian: an operator's person, and third-party verifiers."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.attest_guardian import AttestGuardian
from agegate.flows.review_request import ReviewRequest
from agegate.flows.take_result import take_result
from agegate.remote.guardian_webhook import ResultRefused
from agegate.remote.verifiers import Verifiers
from agegate.rules.errors import ResultNotSigned
from agegate.web.answers import request_json
from agegate.web.counter import Counter, answer
from agegate.web.forms import parse_attestation, parse_review
from agegate.web.reader import read_bytes, read_json

ATTESTATIONS = "/v1/subjects/{subject}/consent-requests/{id}/attestations"
REVIEW = "/v1/subjects/{subject}/consent-requests/{id}/review"
RESULTS = "/verifications/{provider}"


@dataclass(frozen=True, slots=True)
class AttestationRoutes:
    """A person's key for the one, a signature for the other."""

    counter: Counter
    verifiers: Verifiers
    review: ReviewRequest
    attest: AttestGuardian

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route(ATTESTATIONS, self.post_attestation, methods=["POST"]),
            Route(REVIEW, self.post_review, methods=["POST"]),
            Route(RESULTS, self.post_result, methods=["POST"]),
        ]

    async def post_attestation(self, request: Request) -> Response:
        """POST …/attestations: 200 with the request. The guardian still has to answer."""
        caller = await self.counter.caller(request, "operator")
        subject, wanted = request.path_params["subject"], request.path_params["id"]
        now = self.counter.clock()
        form = parse_attestation(await read_json(request), now)
        vouched = form, caller.key.person or caller.service.name
        found = await self.counter.write(lambda tx: self.attest(tx, caller.service, subject, wanted, vouched, now))
        return answer(request_json(found))

    async def post_review(self, request: Request) -> Response:
        """POST …/review: 200 with the request; approved, its mail follows."""
        caller = await self.counter.caller(request, "operator")
        subject, wanted = request.path_params["subject"], request.path_params["id"]
        now = self.counter.clock()
        word = parse_review(await read_json(request), now), caller.key.person or caller.service.name
        found = await self.counter.write(lambda tx: self.review(tx, caller.service, subject, wanted, word, now))
        return answer(request_json(found))

    async def post_result(self, request: Request) -> Response:
        """POST /verifications/{provider}: 204 whatever became of the request, so that nobody learns it."""
        verifier, now = self.verifiers.webhook(request.path_params["provider"]), self.counter.clock()
        body = await read_bytes(request, "application/json")
        if verifier is None:
            raise ResultNotSigned
        try:
            result = verifier.read(request.headers, body, now)
        except ResultRefused:
            raise ResultNotSigned from None
        shown = result.shown
        if shown is not None:
            await self.counter.store.write(
                lambda tx: take_result(tx, result.request, verifier.settings.services, shown.reference, now)
            )
        return Response(status_code=204)
