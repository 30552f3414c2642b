"""How a connection is opened that leads to judged addresses and nowhere else. Loaded at the first question.

A kept connection is found again by scheme, name and port: never under another name's certificate. Its address was
judged when it was opened; the name is judged anew at every question. Who may be asked is `outbound`'s business.
"""

import ssl
from collections.abc import Iterable
from contextlib import suppress

import httpcore

from agegate.remote.kept import IDLE_SECONDS, pinned


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Opens a connection to a judged address, whatever the name would resolve to now."""

    def __init__(self) -> None:
        self._tcp = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is the library's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Tries the next address only while no connection came about, so that nothing is asked twice."""
        del host
        pin = pinned.get()
        pin.opened = True
        *others, last = pin.addresses
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._tcp.connect_tcp(str(address), port, timeout, local_address, socket_options)
        return await self._tcp.connect_tcp(str(last), port, timeout, local_address, socket_options)


def new_connection(origin: httpcore.Origin, tls: ssl.SSLContext | None) -> httpcore.AsyncHTTPConnection:
    """Opened at its first question; whoever has it ends it."""
    return httpcore.AsyncHTTPConnection(origin, tls, keepalive_expiry=IDLE_SECONDS, network_backend=PinnedBackend())
