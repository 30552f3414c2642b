"""The only source of randomness of the project.

Owns random bytes and the ids made of them. What must be the same on every retry (links, Message-IDs) is not made
here but derived from row ids, by the room that needs it.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime

Entropy = Callable[[int], bytes]
"""Gives that many random bytes."""

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
PAIRS = tuple(first + second for first in CROCKFORD for second in CROCKFORD)
"""Every ten bits as two characters."""


def system_entropy(size: int) -> bytes:
    """Random bytes of the operating system."""
    return secrets.token_bytes(size)


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
