"""POST /mail/bounces: the mail provider tells what became of a mail that it had taken.

Owns who may tell it: whoever knows the secret of the settings, in the way providers can send one. Without that setting
there is nothing at this address.
"""

import hmac
from base64 import b64decode
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.take_bounce import TakeBounce
from agegate.web.counter import Counter, answer
from agegate.web.reader import read_bytes
from agegate.web.refusals import MalformedRequest, NotAuthenticated, PathUnknown
from notifications.provider_reports import Told, read_report


@dataclass(frozen=True, slots=True)
class BounceRoutes:
    """One address."""

    counter: Counter
    take: TakeBounce
    secret: str | None = field(repr=False)

    def routes(self) -> list[BaseRoute]:
        """The address."""
        return [Route("/mail/bounces", self.post_bounce, methods=["POST"])]

    async def post_bounce(self, request: Request) -> Response:
        """POST /mail/bounces: 200 whatever became of it, since the provider would only say it again."""
        if self.secret is None:
            raise PathUnknown
        sent = request.headers.getlist("authorization")
        if len(sent) > 1:
            raise MalformedRequest
        if not knows(sent[0] if sent else "", self.secret):
            raise NotAuthenticated
        report = read_report(await read_bytes(request, "application/json"))
        letter = self.take.named([report.name]) if report else None
        if report is not None and letter is not None:
            now, said = self.counter.clock(), self.take.failed if report.told is Told.LOST else self.take.complained
            await self.counter.store.write(lambda tx: said(tx, letter, now))
        return answer({})


def knows(sent: str, secret: str) -> bool:
    """Whether an Authorization header carries the secret: as a bearer's, or as the password of any user."""
    scheme, _, given = sent.partition(" ")
    if scheme.lower() == "basic":
        given = password_of(given)
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.encode(), secret.encode())


def password_of(credentials: str) -> str:
    """The password of RFC 7617's `user:password` in base64; empty when it is none."""
    try:
        return b64decode(credentials, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
