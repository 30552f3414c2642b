"""Connections kept between questions, and what pins one question to the addresses that were judged for it.

Knows no client library: one that was never needed is not loaded. How a connection is opened is `pinned.py`'s.
"""

import ssl
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agegate.remote.addresses import IpAddress

if TYPE_CHECKING:
    from httpcore import AsyncConnectionPool


@dataclass(slots=True)
class Pin:
    """The addresses that one question may be connected to, at least one; and whether a connection was opened for it."""

    addresses: Sequence[IpAddress]
    opened: bool = False


pinned: ContextVar[Pin] = ContextVar("pinned")
"""What the question of this task is pinned to."""


@dataclass(slots=True)
class Kept:
    """Connections kept between questions, for one event loop at a time; `aclose` ends them all."""

    _pools: "dict[str, AsyncConnectionPool]" = field(default_factory=dict)

    def pool(self, scheme: str, tls: Callable[[], ssl.SSLContext]) -> "AsyncConnectionPool":
        """The pool of a scheme, opened at the first question."""
        if scheme not in self._pools:
            self._pools[scheme] = _new_pool(scheme, tls)
        return self._pools[scheme]

    async def aclose(self) -> None:
        """Ends every connection; a later question opens new ones."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.aclose()


@asynccontextmanager
async def pool_for(
    kept: Kept | None, scheme: str, tls: Callable[[], ssl.SSLContext]
) -> "AsyncGenerator[AsyncConnectionPool]":
    """The pool that is kept, or one for a single question."""
    if kept is not None:
        yield kept.pool(scheme, tls)
        return
    async with _new_pool(scheme, tls) as pool:
        yield pool


def _new_pool(scheme: str, tls: Callable[[], ssl.SSLContext]) -> "AsyncConnectionPool":
    from agegate.remote.pinned import new_pool  # late: a server that asks nobody saves the client's megabyte

    return new_pool(tls() if scheme == "https" else None)
