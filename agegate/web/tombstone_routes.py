"""The feed of tombstones: what a service or holder re-applies after it restored a backup of its own."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.store.ledger import exact
from agegate.store.tombstones import tombstones_after
from agegate.web.counter import Counter, answer
from agegate.web.reader import read_position


@dataclass(frozen=True, slots=True)
class TombstoneRoutes:
    """One call."""

    counter: Counter

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [Route("/v1/tombstones", self.get_tombstones, methods=["GET"])]

    async def get_tombstones(self, request: Request) -> Response:
        """GET /v1/tombstones: a page after the cursor, in the ledger's order."""
        caller = await self.counter.caller(request, "purge", "holder")
        cursor = read_position(request)
        page = await self.counter.read(lambda tx: tombstones_after(tx, caller.service.name, cursor))
        shown = [{"digest": stone.digest, "purged_at": exact(stone.purged_at)} for stone in page]
        return answer({"tombstones": shown, "cursor": str(page[-1].position if page else cursor)})
