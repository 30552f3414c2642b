"""ASGI middleware that lets a request through only with a good age-status token.

Owns the bearer header and the refusals. Leaves the check to `age_verifier`; sets
`scope["state"]["age_status"]` for the application, which reads it as `request.state.age_status` in Starlette
and FastAPI.
"""

from collections.abc import Mapping
from http import HTTPStatus

from agegate.signing.verify import Reason, TokenRefused
from agegate.verifier.age_status import AgeStatus
from agegate.verifier.age_verifier import Verifier
from agegate.verifier.asgi import POLICY_VIOLATION, App, Receive, Scope, Send, header_values, problem


class RequireAgeStatus:
    """Refuses requests and websockets without a token that the verifier accepts."""

    def __init__(self, app: App, verifier: Verifier) -> None:
        self.app = app
        self.verifier = verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":  # everything else must show a token
            await self.app(scope, receive, send)
            return
        token = bearer(scope)
        try:
            status = await self.verifier.check_async(token)
        except TokenRefused as refused:
            await _refuse(scope, send, None if token is None else refused.reason)
            return
        if not self.admits(status):
            await _forbid(scope, send)
            return
        state = scope.get("state")
        known = state if isinstance(state, Mapping) else {}
        await self.app({**scope, "state": {**known, "age_status": status}}, receive, send)

    def admits(self, _status: AgeStatus) -> bool:
        """Whether this person may come in; the verifier has already accepted the decision."""
        return True


class RequireAge(RequireAgeStatus):
    """Refuses also who is not over an age. The audience must be registered for that threshold."""

    def __init__(self, app: App, verifier: Verifier, *, over: int) -> None:
        super().__init__(app, verifier)
        self.over = over

    def admits(self, status: AgeStatus) -> bool:
        return status.is_over(self.over)


def bearer(scope: Scope) -> str | None:
    """The token of exactly one `Authorization: Bearer` (RFC 6750 section 2.1)."""
    values = header_values(scope, b"authorization")
    if len(values) != 1:
        return None
    scheme, _, token = values[0].partition(" ")
    return token.strip(" ") if scheme.lower() == "bearer" else None


async def _refuse(scope: Scope, send: Send, reason: Reason | None) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
    elif reason in {Reason.KEYS_UNAVAILABLE, Reason.STATUS_UNAVAILABLE}:
        # Not the client's fault, and still not let in.
        detail = "The keys or lists of the age gate cannot be fetched at the moment. Try again later."
        await problem(send, HTTPStatus.SERVICE_UNAVAILABLE, detail, (b"retry-after", b"10"))
    elif reason is None:
        detail = "An age-status token is needed. Send it as `Authorization: Bearer`."
        await problem(send, HTTPStatus.UNAUTHORIZED, detail, (b"www-authenticate", b'Bearer realm="agegate"'))
    else:
        challenge = f'Bearer realm="agegate", error="invalid_token", error_description="{reason.value}"'
        detail = "The age-status token was refused. Get a new one."
        await problem(send, HTTPStatus.UNAUTHORIZED, detail, (b"www-authenticate", challenge.encode()))


async def _forbid(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        return
    challenge = (b"www-authenticate", b'Bearer realm="agegate", error="insufficient_scope"')
    await problem(send, HTTPStatus.FORBIDDEN, "The age that is needed here is not reached or not shown.", challenge)
