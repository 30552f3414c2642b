"""Connections kept between questions, and what pins one question to the addresses that were judged for it.

Knows no client library: one that was never needed is not loaded. How a connection is opened is `pinned.py`'s. The
library's own pool asks every idle connection twice a question whether it is alive; here only the one that is taken is.
"""

import ssl
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

from agegate.remote.addresses import IpAddress

if TYPE_CHECKING:
    from httpcore import URL, AsyncHTTPConnection, Origin

MOST_IDLE: Final = 32
IDLE_SECONDS: Final = 5.0


@dataclass(slots=True)
class Pin:
    """The addresses that one question may be connected to, at least one; and whether a connection was opened for it."""

    addresses: Sequence[IpAddress]
    opened: bool = False


pinned: ContextVar[Pin] = ContextVar("pinned")
"""What the question of this task is pinned to."""


class Idle(NamedTuple):
    """A connection that waits for the next question, since an instant of `time.monotonic`."""

    origin: "Origin"
    connection: "AsyncHTTPConnection"
    since: float


@dataclass(slots=True)
class Kept:
    """Connections kept between questions, for one event loop at a time; `aclose` ends them all."""

    _idle: deque[Idle] = field(default_factory=deque)

    async def take(self, origin: "Origin") -> "AsyncHTTPConnection | None":
        """The one used last that leads there and that the other side did not end; nobody else has it meanwhile."""
        for idle in [each for each in reversed(self._idle) if each.origin == origin]:
            self._idle.remove(idle)
            if not idle.connection.has_expired():
                return idle.connection
            await idle.connection.aclose()
        return None

    async def put(self, origin: "Origin", connection: "AsyncHTTPConnection") -> None:
        """Keeps a connection whose answer was read to its end, and ends those that nobody took for long."""
        self._idle.append(Idle(origin, connection, monotonic()))
        while len(self._idle) > MOST_IDLE or self._idle[0].since < monotonic() - IDLE_SECONDS:
            await self._idle.popleft().connection.aclose()

    async def aclose(self) -> None:
        """Ends every connection; a later question opens new ones."""
        while self._idle:
            await self._idle.popleft().connection.aclose()


@asynccontextmanager
async def connection_for(
    kept: Kept | None, url: "URL", tls: Callable[[], ssl.SSLContext]
) -> "AsyncGenerator[AsyncHTTPConnection]":
    """A connection that was kept, or a new one, to be kept if it can; without `kept` one for a single question."""
    from agegate.remote.pinned import new_connection  # late: a server that asks nobody saves the client's megabyte

    known = await kept.take(url.origin) if kept is not None else None
    connection = known or new_connection(url.origin, tls() if url.scheme == b"https" else None)
    try:
        yield connection
    finally:
        if kept is not None and connection.is_available():
            await kept.put(url.origin, connection)
        else:
            await connection.aclose()
