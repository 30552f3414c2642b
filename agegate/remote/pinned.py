"""Connections that lead to judged addresses and nowhere else, one after the other or kept for the next question.

A kept connection is found again by scheme, name and port: never under another name's certificate. Its address was
judged when it was opened; the name is judged anew at every question. Who may be asked is `outbound`'s business.
"""

import ssl
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

import httpcore

from agegate.remote.addresses import IpAddress

MOST_CONNECTIONS: Final = 100
MOST_IDLE: Final = 32
IDLE_SECONDS: Final = 5.0


@dataclass(slots=True)
class Pin:
    """The addresses that one question may be connected to, at least one; and whether a connection was opened for it."""

    addresses: Sequence[IpAddress]
    opened: bool = False


pinned: ContextVar[Pin] = ContextVar("pinned")
"""What the question of this task is pinned to."""


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


def new_pool(tls: ssl.SSLContext | None) -> httpcore.AsyncConnectionPool:
    """Connections of one event loop; whoever opens it closes it."""
    return httpcore.AsyncConnectionPool(
        tls,
        max_connections=MOST_CONNECTIONS,
        max_keepalive_connections=MOST_IDLE,
        keepalive_expiry=IDLE_SECONDS,
        network_backend=PinnedBackend(),
    )


@dataclass(slots=True)
class Kept:
    """Connections kept between questions, for one event loop at a time; `aclose` ends them all."""

    _pools: dict[str, httpcore.AsyncConnectionPool] = field(default_factory=dict)

    def pool(self, scheme: str, tls: Callable[[], ssl.SSLContext]) -> httpcore.AsyncConnectionPool:
        """The pool of a scheme, opened at the first question."""
        if scheme not in self._pools:
            self._pools[scheme] = new_pool(tls() if scheme == "https" else None)
        return self._pools[scheme]

    async def aclose(self) -> None:
        """Ends every connection; a later question opens new ones."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.aclose()


@asynccontextmanager
async def pool_for(
    kept: Kept | None, scheme: str, tls: Callable[[], ssl.SSLContext]
) -> AsyncGenerator[httpcore.AsyncConnectionPool]:
    """The pool that is kept, or one for a single question."""
    if kept is not None:
        yield kept.pool(scheme, tls)
        return
    async with new_pool(tls() if scheme == "https" else None) as pool:
        yield pool
