"""The server's protocol, with head and body of an answer in one write: one system call and one packet instead of two.

Owns the joining only; how HTTP is read and written is the library's.
"""

import asyncio
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Joined:
    """A transport that hands on, once a turn of the event loop, everything that was written to it in that turn."""

    def __init__(self, behind: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._behind = behind
        self._loop = loop
        self._waiting: list[bytes] = []

    def __getattr__(self, name: str) -> object:
        """Whatever else a transport does is done by the one behind."""
        return getattr(self._behind, name)

    def is_closing(self) -> bool:
        """Asked after each answer, so not by way of `__getattr__`, which costs an exception."""
        return self._behind.is_closing()

    def write(self, data: bytes) -> None:
        """Takes what is to be sent in this turn."""
        if not self._waiting:
            self._loop.call_soon(self._hand_on)
        self._waiting.append(data)

    def close(self) -> None:
        """Ends the connection once everything has left."""
        self._hand_on()
        self._behind.close()

    def _hand_on(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting and not self._behind.is_closing():
            self._behind.write(b"".join(waiting))


class OneWrite(HttpToolsProtocol):
    """What a server is told to speak."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # TCP has no other kind
        """Begins a connection."""
        super().connection_made(cast("asyncio.Transport", Joined(transport, self.loop)))
