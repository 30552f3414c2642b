"""The HTTP server as we run it: its settings, what it says when it serves, and a clean end.

Leaves the application and the socket to its caller. Unlike the library's own server it does not end by the signal that
it was sent: the house is closed first, and the exit code is 0.
"""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from agegate.cli.one_write import OneWrite

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from agegate.cli.supervisor import Place


def server_config(app: "Starlette", grace_seconds: int) -> uvicorn.Config:
    """Nobody's X-Forwarded-For is believed, and no line holds a whole path."""
    return uvicorn.Config(
        app,
        http=OneWrite,
        access_log=False,  # uvicorn's line holds the whole path; ours has the route's template
        proxy_headers=False,
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=grace_seconds,
    )


class Server(uvicorn.Server):
    """Ends when it is told to, or when its supervisor is gone."""

    def __init__(self, config: uvicorn.Config, place: "Place | None", greet: Callable[[], None]) -> None:
        super().__init__(config)
        self._place = place
        self._greet = greet

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Takes connections, then says so."""
        await super().startup(sockets)
        if self._place is None:
            self._greet()
            return
        loop, lifeline = asyncio.get_running_loop(), self._place.lifeline
        loop.add_reader(lifeline, self._left_alone, loop, lifeline)
        if self._place.ready():
            self._greet()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT end the server, not the process."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {name: signal.signal(name, self.handle_exit) for name in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for name, taken in before.items():
                signal.signal(name, taken)

    def _left_alone(self, loop: asyncio.AbstractEventLoop, lifeline: int) -> None:
        loop.remove_reader(lifeline)
        os.close(lifeline)
        self.should_exit = True
