"""Where every call arrives: who calls, what may it, and what comes back.

Owns API keys and their scopes, the way to the store, and the JSON of answers. A refusal that a flow returns is raised
here, once, for the edge to turn into a problem.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import orjson
from starlette.requests import Request
from starlette.responses import Response

from agegate.clock import Clock
from agegate.rules.errors import AgeGateError
from agegate.store.digests import Digests
from agegate.store.lookahead import Lookup
from agegate.store.records import ApiKey, Audience, Service
from agegate.store.registry_cache import RegistryCache
from agegate.store.store import Store
from agegate.store.transaction import Transaction
from agegate.web.refusals import MalformedRequest, NotAuthenticated, ScopeMissing

T = TypeVar("T")
PREFIX = "ag"
CONTENT_TYPE = (b"content-type", b"application/json")


class Caller(NamedTuple):
    """Who calls: a service, with one of its keys."""

    service: Service
    key: ApiKey
    audiences: Mapping[tuple[str, str], Audience]

    def audience(self, name: str) -> Audience:
        """The service's audience of that name; one that is not registered learns no threshold."""
        known = self.audiences.get((self.service.name, name))
        return known or Audience(self.service.name, name, [], pairwise=False)


@dataclass(frozen=True, slots=True)
class Counter:
    """What all routes share."""

    store: Store
    registry: RegistryCache
    digests: Digests
    clock: Clock

    async def caller(self, request: Request, *scopes: str) -> Caller:
        """The caller, if its key is live and has one of the scopes. Asked before anything of the body is read."""
        sent = [value for name, value in request.scope["headers"] if name == b"authorization"]
        if len(sent) > 1:
            raise MalformedRequest
        scheme, _, token = (sent[0].decode("latin-1") if sent else "").partition(" ")
        prefix, _, rest = token.partition("_")
        name, _, secret = rest.partition("_")
        registry = self.registry.at_hand(self.clock()) or await self.registry.current()
        key = registry.keys.get(name) if scheme.lower() == "bearer" and prefix == PREFIX else None
        # Compared also for an unknown key, so that the time tells nothing about which ids exist.
        known = hmac.compare_digest(key.secret_digest if key else "", self.digests.api_key(secret))
        if key is None or not known or key.revoked_at is not None:
            raise NotAuthenticated
        if set(key.scopes).isdisjoint(scopes):
            raise ScopeMissing
        return Caller(registry.services[key.service], key, registry.audiences)

    async def write(
        self,
        unit: Callable[[Transaction], T | AgeGateError],
        *,
        urgent: bool = False,
        looks_for: Iterable[Lookup] = (),
        meanwhile: Callable[[T | AgeGateError], None] | None = None,
    ) -> T:
        """What a flow returns once it is durable; its refusal is raised. `urgent`: it shuts, withdraws or deletes."""
        return granted(await self.store.write(unit, urgent=urgent, looks_for=looks_for, meanwhile=meanwhile))

    async def read(self, unit: Callable[[Transaction], T | AgeGateError], *, looks_for: Iterable[Lookup] = ()) -> T:
        """What a reading flow returns; its refusal is raised."""
        return granted(await self.store.read(unit, looks_for=looks_for))


class _Json(Response):
    """JSON; most often with no other headers than it always has."""

    media_type = "application/json"

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """Writes those two down, and leaves it to the library to join others with them."""
        if headers is None:
            self.raw_headers = [(b"content-length", str(len(self.body)).encode()), CONTENT_TYPE]
        else:
            super().init_headers(headers)


def granted(result: T | AgeGateError) -> T:
    """The result, or its refusal raised."""
    if isinstance(result, AgeGateError):
        raise result
    return result


def answer(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer; members that are None are left out, as callers have to leave them out."""
    body = orjson.dumps(content)
    if body.rfind(b":null") >= 0:  # from the end: a search from the beginning takes longer than writing the text
        body = orjson.dumps(known(content))
    return _Json(body, status, headers)


def known(content: object) -> object:
    """The content without the members that are None, at every depth."""
    if isinstance(content, dict):
        return {name: known(value) for name, value in content.items() if value is not None}
    return [known(item) for item in content] if isinstance(content, list) else content
