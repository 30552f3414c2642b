"""How the tests of the edge ask an application: over ASGI, without a server or a network."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping

import httpx
from starlette.types import ASGIApp

ISSUER = "https://age.example"

Headers = Mapping[str, str] | Iterable[tuple[str, str]]


def ask(
    app: ASGIApp,
    method: str,
    path: str,
    *,
    headers: Headers = (),
    content: bytes | AsyncIterator[bytes] | None = None,
    base: str = ISSUER,
) -> httpx.Response:
    """One request and its whole answer."""

    async def once() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            pairs = list(headers.items()) if isinstance(headers, Mapping) else list(headers)
            request = client.build_request(method, path, headers=pairs, content=content)
            return await client.send(request)

    return asyncio.run(once())
