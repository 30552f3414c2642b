"""Turns whatever a route raises into an answer: a problem document, or a page where a person is reading.

Owns the choice between the two, and what is written down about a mistake of our own: its kind and place,
never its text, which may repeat somebody's data.
"""

import logging
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from agegate.rules.errors import AgeGateError
from agegate.web.page_facts import ProblemPage
from agegate.web.pages import locale_of, render
from agegate.web.problems import headers_of, kind_of, problem
from agegate.web.refusals import (
    MalformedRequest,
    Unavailable,
    Unexpected,
)

LOG: Final = logging.getLogger("agegate.web")
READ_BY_PEOPLE: Final = ("/g/", "/guardian", "/report/")


class ErrorAnswers:
    """What a caller is told of whatever was raised; `unavailable` are the store's words for "not now"."""

    def __init__(self, issuer: str, unavailable: tuple[type[Exception], ...] = ()) -> None:
        self._issuer = issuer
        self._unavailable = unavailable

    def answer(self, request: Request, error: Exception) -> Response:
        """The refusal in the form that this path's readers take."""
        refused, instance = self._as_ours(request, error), request.scope["state"]["instance"]
        if not request.scope["path"].startswith(READ_BY_PEOPLE):
            return problem(refused, instance, self._issuer)
        kind = kind_of(refused)
        answer = render(ProblemPage(title=kind.title, sentence=str(refused)), locale_of(request), kind.status)
        answer.headers.update(headers_of(refused))
        return answer

    def _as_ours(self, request: Request, error: Exception) -> AgeGateError:
        if isinstance(error, AgeGateError):
            return error
        if isinstance(error, ClientDisconnect):
            return MalformedRequest()  # the client left; nobody reads this
        told = {"request": request.scope["state"]["instance"], "fault": type(error)}
        if isinstance(error, self._unavailable):
            LOG.error("unavailable", extra=told)
            return Unavailable()
        LOG.error("unexpected", extra=told | {"place": error.__traceback__})
        return Unexpected()
