"""Turns whatever a route raises into an answer: a problem document, or a page where a person is reading.

Owns the choice between the two, and what is written down about a mistake of our own: its kind and place,
never its text, which may repeat somebody's data.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from typing import Final, TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match

from agegate.rules.errors import AgeGateError
from agegate.web.page_facts import ProblemPage
from agegate.web.pages import locale_of, render
from agegate.web.problems import headers_of, kind_of, problem
from agegate.web.refusals import (
    MalformedRequest,
    MethodNotAllowed,
    PathUnknown,
    Unavailable,
    Unexpected,
)

LOG: Final = logging.getLogger("agegate.web")
READ_BY_PEOPLE: Final = ("/g/", "/guardian", "/report/")
ExceptionHandler: TypeAlias = Callable[[Request, Exception], Awaitable[Response]]
Handlers: TypeAlias = dict[type[Exception], ExceptionHandler]


def known_errors(issuer: str, unavailable: Iterable[type[Exception]] = ()) -> Handlers:
    """Handlers of what a route may raise on purpose; `unavailable` are the store's words for "not now"."""

    async def refuse(request: Request, error: Exception) -> Response:
        return answer_error(request, _as_ours(request, error), issuer)

    async def not_now(request: Request, error: Exception) -> Response:
        LOG.error("unavailable", extra={"request": request.state.instance, "fault": type(error)})
        return answer_error(request, Unavailable(), issuer)

    expected: Handlers = dict.fromkeys((AgeGateError, HTTPException, ClientDisconnect), refuse)
    return expected | dict.fromkeys(unavailable, not_now)


def unknown_errors(issuer: str) -> Handlers:
    """The handler of everything else: our own mistakes."""

    async def admit_mistake(request: Request, error: Exception) -> Response:
        told = {"request": request.state.instance, "fault": type(error), "place": error.__traceback__}
        LOG.error("unexpected", extra=told)
        return answer_error(request, Unexpected(), issuer)

    return {Exception: admit_mistake}


def answer_error(request: Request, error: AgeGateError, issuer: str) -> Response:
    """The refusal in the form that this path's readers take."""
    if not request.scope["path"].startswith(READ_BY_PEOPLE):
        return problem(error, request.state.instance, issuer)
    kind = kind_of(error)
    answer = render(ProblemPage(title=kind.title, sentence=str(error)), locale_of(request), kind.status)
    answer.headers.update(headers_of(error))
    return answer


def _as_ours(request: Request, error: Exception) -> AgeGateError:
    if isinstance(error, AgeGateError):
        return error
    if isinstance(error, HTTPException):
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return MethodNotAllowed(_methods_here(request))
        return PathUnknown() if error.status_code == HTTPStatus.NOT_FOUND else MalformedRequest()
    # The client left; nobody reads this.
    return MalformedRequest()


def _methods_here(request: Request) -> set[str]:
    # The router names only the methods of the first route at an address; HTTP wants all of them.
    at_this_address = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    return {method for route in at_this_address for method in getattr(route, "methods", None) or ()}
