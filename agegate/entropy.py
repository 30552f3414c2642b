"""The only source of randomness of the project.

Owns random bytes and the ids made of them. What must be the same on every retry (links, Message-IDs) is not made
here but derived from row ids, by the room that needs it.
"""

import os
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from agegate.base64url import base64url_text

Entropy = Callable[[int], bytes]
"""Gives that many random bytes."""

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
PAIRS = tuple(first + second for first in CROCKFORD for second in CROCKFORD)
"""Every ten bits as two characters."""

BY_BYTE = (CROCKFORD * 8).encode()
"""A character for each byte, every one for as many: a random byte gives five random bits."""

PIECES_AHEAD = 128
LONGEST_AHEAD = 32


class Ahead(threading.local):
    """What a thread has fetched ahead, in pieces: each is handed out once, and of none a copy stays here."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def take(self, size: int) -> bytes:
        """So many bytes; what a piece has over is lost, and what is longer than one comes from the system at once."""
        if size > LONGEST_AHEAD:
            return secrets.token_bytes(size)
        pieces = self.pieces
        if not pieces:
            fetched = secrets.token_bytes(PIECES_AHEAD * LONGEST_AHEAD)
            pieces.extend(fetched[at : at + LONGEST_AHEAD] for at in range(0, len(fetched), LONGEST_AHEAD))
        return pieces.pop()[:size]

    def forget(self) -> None:
        """Everything is fetched anew."""
        self.pieces.clear()


_AHEAD = Ahead()
# Parent and child would hand out the same bytes; of the child's threads only the one that forked is alive.
os.register_at_fork(after_in_child=_AHEAD.forget)


system_entropy: Final[Entropy] = _AHEAD.take
"""Random bytes of the operating system.

Ids, nonces and data keys come from what was fetched ahead, since asking the system lets other threads run and has to
wait for its turn again, several times a request. No copy of a key stays behind here.
"""


def new_id(entropy: Entropy, now: datetime) -> str:
    """A row id: 48 bits of milliseconds, then 80 random bits, as 26 lower-case characters (the ULID layout).

    Rows that are made together lie together, which keeps indexes small; the order tells the creation time, so an id
    is only shown to those who know that time anyway.
    """
    return _written(int(now.timestamp() * 1000)) + entropy(16).translate(BY_BYTE).decode()


@lru_cache(maxsize=4)
def _written(milliseconds: int) -> str:
    # Rows that are made together share it.
    return "".join([PAIRS[(milliseconds >> shift) & 1023] for shift in range(40, -1, -10)])


def born_at(row: str) -> datetime:
    """The instant at which a row id was made."""
    milliseconds = 0
    for letter in row[:10]:
        milliseconds = milliseconds * 32 + CROCKFORD.index(letter)
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


def opaque(entropy: Entropy, size: int = 16) -> str:
    """Random characters of base64url that tell nothing, `size` bytes worth."""
    return base64url_text(entropy(size))
