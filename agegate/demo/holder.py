"""The demo's data holder: a process that keeps records of people and deletes them on a signed order.

This is all that a team writes: a function that deletes, and the receiver.
"""

import os
import sys
from collections.abc import Mapping

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agegate.verifier import PurgeOrder, PurgeReceiver

RECORDS: dict[str, dict[str, int]] = {"alex-16": {"messages": 42, "pictures": 7}}


async def delete(order: PurgeOrder) -> Mapping[str, int]:
    """Deletes everything of a person; called again, there is nothing left to delete."""
    return RECORDS.pop(order.subject, {})


async def records(request: Request) -> Response:
    """Shows how much is held, so that the demo can look."""
    del request
    return JSONResponse({subject: sum(counts.values()) for subject, counts in RECORDS.items()})


def main() -> None:
    """Serves on loopback."""
    receiver = PurgeReceiver(
        os.environ["DEMO_ISSUER"],
        "chat-archive",
        webhook_secret=os.environ["DEMO_SECRET"],
        api_key=os.environ["DEMO_KEY"],
        delete=delete,
        accept_test=True,
    )
    app = Starlette(routes=[Route("/records", records), Route("/purge-orders", receiver, methods=["POST"])])
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    main()
