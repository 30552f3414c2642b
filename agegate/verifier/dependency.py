"""The same gate as a dependency, for single routes of FastAPI and Starlette. Imports Starlette; nothing else here does.

FastAPI: `status: Annotated[AgeStatus, Depends(RequireStatus(verifier, over=18))]`. Starlette: `await gate(request)`.
Raises HTTPException: 401 without a good token, 403 below the age, 503 while keys or lists cannot be had.
"""

from starlette.exceptions import HTTPException
from starlette.requests import Request

from agegate.signing.verify import Reason, TokenRefused
from agegate.verifier.age_status import AgeStatus
from agegate.verifier.age_verifier import Verifier
from agegate.verifier.middleware import bearer

NOT_THE_CLIENTS_FAULT = frozenset({Reason.KEYS_UNAVAILABLE, Reason.STATUS_UNAVAILABLE})


class RequireStatus:
    """Gives the age status of a request, or refuses it. Make one per rule and keep it."""

    def __init__(self, verifier: Verifier, *, over: int | None = None) -> None:
        self.verifier = verifier
        self.over = over

    async def __call__(self, request: Request) -> AgeStatus:
        """What the bearer token of the request says."""
        token = bearer(request.scope)
        if token is None:
            raise HTTPException(401, "An age-status token is needed.", {"WWW-Authenticate": 'Bearer realm="agegate"'})
        try:
            status = await self.verifier.check_async(token)
        except TokenRefused as refused:
            if refused.reason in NOT_THE_CLIENTS_FAULT:
                raise HTTPException(503, "The age gate cannot be asked now.", {"Retry-After": "10"}) from None
            challenge = f'Bearer realm="agegate", error="invalid_token", error_description="{refused.reason.value}"'
            raise HTTPException(401, "The token was refused.", {"WWW-Authenticate": challenge}) from None
        if self.over is not None and not status.is_over(self.over):
            challenge = 'Bearer realm="agegate", error="insufficient_scope"'
            raise HTTPException(403, "The age is not reached or not shown.", {"WWW-Authenticate": challenge})
        return status
