"""The few words of ASGI that this room speaks, without a framework.

Owns the types, reading a bounded body and answering with a problem (RFC 9457). Knows nothing of tokens or
purges.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http import HTTPStatus

Scope = MutableMapping[str, object]
Message = MutableMapping[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY_VIOLATION = 1008


def header_values(scope: Scope, name: bytes) -> list[str]:
    """Every value of a header, in order; names come in lower case."""
    headers = scope.get("headers")
    if not isinstance(headers, Iterable):
        return []
    return [value.decode("latin-1") for key, value in headers if key.lower() == name]


async def read_body(receive: Receive, *, longest: int) -> bytes | None:
    """The whole body, or None when it is longer than that or the other side went away."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunk = message.get("body", b"")
        body += chunk if isinstance(chunk, bytes) else b""
        if len(body) > longest:
            return None
        if not message.get("more_body", False):
            return bytes(body)


async def speak_lifespan(receive: Receive, send: Send, finish: Callable[[], Awaitable[None]]) -> None:
    """Start-up and shutdown as a server asks for them; `finish` runs before the shutdown is acknowledged."""
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await finish()
    await send({"type": "lifespan.shutdown.complete"})


async def answer(send: Send, status: HTTPStatus) -> None:
    """An empty answer."""
    await _send_all(send, status, [], b"")


async def problem(send: Send, status: HTTPStatus, detail: str, *more: tuple[bytes, bytes]) -> None:
    """A problem document. `detail` is a fixed sentence and never anything that was sent to us."""
    document = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store"), *more]
    await _send_all(send, status, headers, json.dumps(document).encode())


async def _send_all(send: Send, status: HTTPStatus, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": body})
