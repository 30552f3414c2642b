"""Shuts the house while its database may not be believed: a restored one that is older than its ledger.

Only what speaks of no subject stays open: that the process lives, its numbers, keys, contract and style. Whoever is
asked remembers the answer for a second.
"""

from collections.abc import Awaitable, Callable
from typing import Final

OPEN: Final = ("/livez", "/metrics", "/openapi.yaml", "/problems/", "/static/", "/.well-known/")
RequireCurrent = Callable[[], Awaitable[None]]


async def no_doubt() -> None:
    """For an application without a database behind it."""


def is_open(path: str) -> bool:
    """Whether an address is answered even then."""
    return path.startswith(OPEN)
