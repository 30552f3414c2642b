"""Calls an ASGI application without a server."""

from collections.abc import Iterable
from dataclasses import dataclass

from agegate.verifier.asgi import App, Message

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


async def request(
    app: App,
    *,
    headers: Headers = (),
    body: bytes = b"",
    method: str = "POST",
    kind: str = "http",
    state: dict[str, object] | None = None,
) -> Answered:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Message = {"type": kind, "method": method, "path": "/", "headers": list(headers)}
    await app(scope if state is None else {**scope, "state": state}, receive, send)
    start, end = sent
    assert isinstance(start["status"], int)
    assert isinstance(start["headers"], list)
    assert isinstance(end["body"], bytes)
    read = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answered(start["status"], read, end["body"])


async def websocket(app: App, headers: Headers) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app({"type": "websocket", "path": "/", "headers": list(headers)}, receive, send)
    return sent
