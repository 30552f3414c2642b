"""A service's webhook: answers 204 to everything and counts how often each id came. GET tells the counts."""

import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable

import uvicorn

Message = dict[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
SEEN: Counter[str] = Counter()


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """POST counts, GET tells."""
    if scope["type"] != "http":
        return
    more = True
    while more:
        more = bool((await receive()).get("more_body"))
    headers = dict(scope["headers"])  # type: ignore[call-overload]  # pairs of bytes
    body = b""
    if scope["method"] == "POST":
        SEEN[headers.get(b"webhook-id", b"").decode()] += 1
    else:
        body = json.dumps({"ids": len(SEEN), "calls": SEEN.total()}).encode()
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200 if body else 204, "headers": [length] if body else []})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), http="httptools", access_log=False, log_level="warning", lifespan="off")
