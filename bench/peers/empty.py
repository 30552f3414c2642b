"""Peer (a): an empty JSON endpoint. The ceiling of the server and the load, with nothing done."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def nothing(request: Request) -> JSONResponse:
    """Answers without reading."""
    del request
    return JSONResponse({"decision": "allowed"}, 201)


if __name__ == "__main__":
    app = Starlette(routes=[Route("/v1/subjects/{subject}", nothing, methods=["PUT"])])
    uvicorn.run(app, port=int(sys.argv[1]), http="httptools", access_log=False, log_level="warning")
