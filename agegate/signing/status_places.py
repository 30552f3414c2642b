"""Which place in which status list the n-th entry gets: a keyed permutation per list.

The entries are numbered in the order they were taken; their places tell nothing of that order, and no place is looked
for or given twice. A Feistel network over 18 bits, walked until it lands within the 17 bits of a list.
"""

import hmac
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256, shake_256

from agegate.signing.status_list import PLACES, SIZE_BITS

HALF_BITS = (SIZE_BITS + 1) // 2
HALF = 1 << HALF_BITS
MASK = HALF - 1
ROUNDS = 8

Rounds = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class StatusPlaces:
    """From the number of an entry to its list and index, and back."""

    key: bytes = field(repr=False)

    def place(self, entry: int) -> tuple[int, int]:
        """The list, counted from 1, and the index of an entry, counted from 1."""
        number, index = divmod(entry - 1, PLACES)
        rounds = _rounds(self.key, number + 1)
        while (index := _forward(rounds, index)) >= PLACES:
            pass
        return number + 1, index

    def entry(self, number: int, index: int) -> int:
        """The entry at a place: the inverse of `place`."""
        rounds = _rounds(self.key, number)
        while (index := _backward(rounds, index)) >= PLACES:
            pass
        return (number - 1) * PLACES + index + 1


@lru_cache(maxsize=64)
def _rounds(key: bytes, number: int) -> Rounds:
    """The round functions of a list as tables: a token costs eight look-ups and no hash."""
    own = hmac.digest(key, f"status-list/{number}".encode(), sha256)
    tables = (shake_256(own + bytes([each])).digest(2 * HALF) for each in range(ROUNDS))
    return tuple(
        tuple(int.from_bytes(table[spot : spot + 2], "big") & MASK for spot in range(0, 2 * HALF, 2))
        for table in tables
    )


def _forward(rounds: Rounds, value: int) -> int:
    left, right = value >> HALF_BITS, value & MASK
    for table in rounds:
        left, right = right, left ^ table[right]
    return left << HALF_BITS | right


def _backward(rounds: Rounds, value: int) -> int:
    left, right = value >> HALF_BITS, value & MASK
    for table in reversed(rounds):
        left, right = right ^ table[left], left
    return left << HALF_BITS | right
