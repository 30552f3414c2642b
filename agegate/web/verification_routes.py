"""What verifiers of tokens and evidence ask for: keys, the archive of keys, status lists, and a word on one token."""

from dataclasses import dataclass
from hashlib import sha256

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.introspect import Introspect
from agegate.rules.errors import InputRefused
from agegate.store.key_book import KeyBook
from agegate.web.counter import Counter, answer
from agegate.web.faults import fault
from agegate.web.reader import read_form
from agegate.web.refusals import PathUnknown
from agegate.web.status_lists import TTL, StatusLists

KEYS_CACHE = "public, max-age=300, stale-while-revalidate=60, stale-if-error=3600"
ARCHIVE_CACHE = "public, max-age=3600"
LIST_CACHE = f"public, max-age={int(TTL.total_seconds())}"
LIST_TYPE = "application/statuslist+jwt"
JWKS_TYPE = "application/jwk-set+json"
LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class VerificationRoutes:
    """One method per address; only introspection asks for a key."""

    counter: Counter
    keys: KeyBook
    lists: StatusLists
    introspect: Introspect

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route("/.well-known/jwks.json", self.get_keys, methods=["GET"]),
            Route("/.well-known/jwks-archive.json", self.get_archive, methods=["GET"]),
            Route("/status/{list}", self.get_list, methods=["GET"]),
            Route("/v1/introspect", self.post_introspect, methods=["POST"]),
        ]

    async def get_keys(self, request: Request) -> Response:
        """GET /.well-known/jwks.json (RFC 7517): next, active, and retired while anything they signed lives."""
        keys = await self.keys.current()
        return kept_by_tag(request, orjson.dumps(keys.published_at(self.counter.clock())), JWKS_TYPE, KEYS_CACHE)

    async def get_archive(self, request: Request) -> Response:
        """GET /.well-known/jwks-archive.json: every key that signed, for receipts and certificates of years ago."""
        keys = await self.keys.current()
        return kept_by_tag(request, orjson.dumps(keys.archive_at(self.counter.clock())), JWKS_TYPE, ARCHIVE_CACHE)

    async def get_list(self, request: Request) -> Response:
        """GET /status/{list} (draft-ietf-oauth-status-list), compressed for whoever takes it so."""
        number = request.path_params["list"]
        is_number = number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER and number[0] != "0"
        served = await self.lists.served(int(number)) if is_number else None
        if served is None:
            raise PathUnknown
        zips = "gzip" in request.headers.get("accept-encoding", "")
        headers = {"Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if zips else {})
        tag, body = (f"{served.tag}-gzip", served.zipped) if zips else (served.tag, served.body)
        return kept_by_tag(request, body, LIST_TYPE, LIST_CACHE, tag=tag, headers=headers)

    async def post_introspect(self, request: Request) -> Response:
        """POST /v1/introspect (RFC 7662): whether a token of this service counts now, and what it says."""
        caller = await self.counter.caller(request, "token")
        token = (await read_form(request)).get("token")
        if token is None:
            raise InputRefused(fault("/token", "required"))
        now = self.counter.clock()
        claims = await self.counter.store.read(lambda tx: self.introspect(tx, caller.service, token, now))
        return answer({"active": False} if claims is None else {"active": True, **claims})


def kept_by_tag(
    request: Request, body: bytes, media_type: str, cache: str, *, tag: str = "", headers: dict[str, str] | None = None
) -> Response:
    """A public answer that a cache may keep and ask for again by its strong ETag (RFC 9110 section 13.1.2)."""
    quoted = f'"{tag or sha256(body).hexdigest()[:32]}"'
    sent = {"Cache-Control": cache, "ETag": quoted, "Access-Control-Allow-Origin": "*", **(headers or {})}
    asked = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if asked & {"*", quoted}:
        return Response(status_code=304, headers={name: sent[name] for name in sent if name != "Content-Encoding"})
    return Response(body, headers=sent, media_type=media_type)
