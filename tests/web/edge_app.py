"""A small application behind the real edge: one route for each way a request can end."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from agegate.rules.errors import ConsentRequired, LinkUnknown
from agegate.web.edge import behind_edge
from agegate.web.refusals import NotAuthenticated
from tests.web.asking import ISSUER

SECRET = "mia.2010-03-01"


class DatabaseGone(Exception):
    """Stands for what the store raises when its database is away."""


async def fine(_: Request) -> Response:
    return PlainTextResponse("fine")


async def own_headers(_: Request) -> Response:
    return PlainTextResponse("", headers={"Cache-Control": "public, max-age=300", "Referrer-Policy": "same-origin"})


async def mistake(request: Request) -> Response:
    raise ValueError(request.path_params["secret"])


async def gone(request: Request) -> Response:
    raise DatabaseGone(request.path_params["secret"])


async def consent_required(_: Request) -> Response:
    raise ConsentRequired


async def unauthenticated(_: Request) -> Response:
    raise NotAuthenticated


async def link_unknown(_: Request) -> Response:
    raise LinkUnknown


ROUTES = [
    Route("/fine", fine),
    Route("/own", own_headers),
    Route("/v1/things/{secret}", fine, methods=["GET"]),
    Route("/v1/things/{secret}", own_headers, methods=["PUT"]),
    Route("/mistake/{secret}", mistake),
    Route("/gone/{secret}", gone),
    Route("/v1/consent", consent_required),
    Route("/v1/keys", unauthenticated),
    Route("/g/{link}", link_unknown),
]
APP = behind_edge(ROUTES, issuer=ISSUER, loopback_names={"127.0.0.1", "localhost", "::1"}, unavailable=[DatabaseGone])
LOOPBACK = "http://127.0.0.1:8000"
PLAIN = behind_edge(ROUTES, issuer=LOOPBACK)
