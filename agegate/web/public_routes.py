"""What anybody may read: the configuration, the contract, problem types, the style sheet, and health."""

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from agegate.signing.verify import Kind
from agegate.store.line import StoreUnavailable
from agegate.store.store import Store
from agegate.store.transaction import Transaction
from agegate.web.counter import answer
from agegate.web.pages import STATIC
from agegate.web.problems import problem_text
from agegate.web.refusals import PathUnknown, Unavailable

PUBLIC_CACHE = "public, max-age=900, stale-while-revalidate=3600, stale-if-error=86400"
HERE = Path(__file__).resolve()
CONTRACTS = (HERE.parents[1] / "openapi.yaml", HERE.parents[2] / "openapi.yaml")
"""Inside an installed package, else beside it in a checkout."""


@dataclass(frozen=True, slots=True)
class PublicRoutes:
    """One method per address; no key is asked for."""

    store: Store
    issuer: str

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route("/.well-known/agegate-configuration", self.configuration, methods=["GET"]),
            Route("/openapi.yaml", self.contract, methods=["GET"]),
            Route("/problems/{slug}", self.problem, methods=["GET"]),
            Route("/static/guardian.css", self.style, methods=["GET"]),
            Route("/livez", self.alive, methods=["GET"]),
            Route("/readyz", self.ready, methods=["GET"]),
        ]

    async def configuration(self, request: Request) -> Response:
        """GET /.well-known/agegate-configuration: what a verifier needs to know once."""
        del request
        content = {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/.well-known/jwks.json",
            "jwks_archive_uri": f"{self.issuer}/.well-known/jwks-archive.json",
            "status_list_uri": f"{self.issuer}/status/{{list}}",
            "introspection_endpoint": f"{self.issuer}/v1/introspect",
            "token_type": Kind.AGE_STATUS.value,
            "algorithms": ["ES256"],
            "decisions": ["allowed", "consented", "consent_required"],
            "claims": CLAIMS,
        }
        return answer(content, headers={"Cache-Control": PUBLIC_CACHE, "Access-Control-Allow-Origin": "*"})

    async def contract(self, request: Request) -> Response:
        """GET /openapi.yaml."""
        del request
        for path in CONTRACTS:
            if path.is_file():
                return Response(path.read_bytes(), media_type="application/yaml")
        raise PathUnknown

    async def problem(self, request: Request) -> Response:
        """GET /problems/{slug}: what a problem's type means, in a sentence."""
        text = problem_text(request.path_params["slug"])
        if text is None:
            raise PathUnknown
        return PlainTextResponse(text)

    async def style(self, request: Request) -> Response:
        """GET /static/guardian.css."""
        del request
        headers = {"Cache-Control": "public, max-age=3600"}
        return Response((STATIC / "guardian.css").read_bytes(), headers=headers, media_type="text/css")

    async def alive(self, request: Request) -> Response:
        """GET /livez: the process answers."""
        del request
        return PlainTextResponse("alive")

    async def ready(self, request: Request) -> Response:
        """GET /readyz: the database takes writes; mail and webhooks may be down."""
        del request
        try:
            await self.store.write(_touch)
        except StoreUnavailable:
            raise Unavailable from None
        return PlainTextResponse("ready")


def _touch(tx: Transaction) -> None:
    """An empty unit: it goes through writer, BEGIN IMMEDIATE and COMMIT."""
    tx.flush()


CLAIMS = [
    "iss",
    "aud",
    "sub",
    "iat",
    "nbf",
    "exp",
    "jti",
    "age_decision",
    "age_over_NN",
    "age_method",
    "policy",
    "consent",
    "environment",
    "status",
]
