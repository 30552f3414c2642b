"""A call of the API or a page: one method at one address, answered by a coroutine.

Owns how a route asks it. Faults pass through: the edge answers them all.
"""

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send


class Call(Route):
    """A route without the library's own catching of faults, which would wrap every request once more."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers; a method that the address does not take is refused by the library."""
        if self.methods and scope["method"] not in self.methods:
            await super().handle(scope, receive, send)
            return
        answer = await self.endpoint(Request(scope, receive))
        await answer(scope, receive, send)
