"""The demo's downstream service: a process that admits whoever shows a good token. It knows one address, the issuer's.

This is all that a team writes: a verifier, and one line around the application.
"""

import os
import sys

import uvicorn

from agegate.verifier import AgeStatus, RequireAgeStatus, Verifier
from agegate.verifier.asgi import Receive, Scope, Send


async def welcome(scope: Scope, receive: Receive, send: Send) -> None:
    """The protected application: says what it was told."""
    del receive
    if scope["type"] != "http":
        return
    status = scope["state"]["age_status"]  # type: ignore[index]  # set by the middleware
    words = f"welcome {status.subject}: {status.decision}" if isinstance(status, AgeStatus) else "?"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": words.encode()})


def main() -> None:
    """Serves on loopback."""
    verifier = Verifier(os.environ["DEMO_ISSUER"], os.environ["DEMO_AUDIENCE"], accept_test=True)
    app = RequireAgeStatus(welcome, verifier)
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", lifespan="off")


if __name__ == "__main__":
    main()
