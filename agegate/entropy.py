"""The only source of randomness of the project.

Owns random bytes and the ids made of them. What must be the same on every retry (links, Message-IDs) is not made
here but derived from row ids, by the room that needs it.
"""

import os
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime

Entropy = Callable[[int], bytes]
"""Gives that many random bytes."""

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
PAIRS = tuple(first + second for first in CROCKFORD for second in CROCKFORD)
"""Every ten bits as two characters."""

AHEAD_BYTES = 4096
LONGEST_AHEAD = 16


class _Ahead(threading.local):
    """What a thread has fetched ahead: each byte is handed out once."""

    fetched = b""
    used = AHEAD_BYTES


_AHEAD = _Ahead()
# Parent and child would hand out the same bytes; of the child's threads only the one that forked is alive.
os.register_at_fork(after_in_child=lambda: setattr(_AHEAD, "used", AHEAD_BYTES))


def system_entropy(size: int) -> bytes:
    """Random bytes of the operating system.

    Ids and nonces come from what was fetched ahead, since asking the system lets other threads run and has to wait for
    its turn again, several times a request. Keys are longer: no copy of one stays behind here.
    """
    if size > LONGEST_AHEAD:
        return secrets.token_bytes(size)
    ahead, begins = _AHEAD, _AHEAD.used
    if begins + size > AHEAD_BYTES:
        ahead.fetched, begins = secrets.token_bytes(AHEAD_BYTES), 0
    ahead.used = begins + size
    return ahead.fetched[begins : begins + size]


def new_id(entropy: Entropy, now: datetime) -> str:
    """A row id: 48 bits of milliseconds, then 80 random bits, as 26 lower-case characters (the ULID layout).

    Rows that are made together lie together, which keeps indexes small; the order tells the creation time, so an id
    is only shown to those who know that time anyway.
    """
    number = (int(now.timestamp() * 1000) << 80) | int.from_bytes(entropy(10), "big")
    return "".join([PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])


def born_at(row: str) -> datetime:
    """The instant at which a row id was made."""
    milliseconds = 0
    for letter in row[:10]:
        milliseconds = milliseconds * 32 + CROCKFORD.index(letter)
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


def opaque(entropy: Entropy, size: int = 16) -> str:
    """Random characters of base64url that tell nothing, `size` bytes worth."""
    return urlsafe_b64encode(entropy(size)).rstrip(b"=").decode()
