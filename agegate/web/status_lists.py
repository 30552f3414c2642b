"""The status lists as they are served: packed, deflated, signed, and kept until something changed.

Owns how old a kept list may be. What an entry says is written by whoever shuts a subject; where it stands in its list
is `signing/status_places.py`.
"""

import asyncio
import gzip
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from agegate.clock import Clock
from agegate.signing.signer import Signer
from agegate.signing.status_list import BITS, deflated, pack
from agegate.signing.status_places import StatusPlaces
from agegate.signing.verify import JsonValue, Kind
from agegate.store.key_book import KeyBook
from agegate.store.status_entries import marks_of
from agegate.store.store import Store

LIFE = timedelta(minutes=15)
TTL = timedelta(seconds=60)
LOOK_EVERY = timedelta(seconds=1)
SIGN_EVERY = LIFE / 3


@dataclass(frozen=True, slots=True)
class ServedList:
    """A signed list, plain and compressed, with the instants that say how long it may be kept."""

    kid: str
    lst: str
    body: bytes
    zipped: bytes
    tag: str
    signed_at: datetime


class StatusLists:
    """Reads a list at most once a second, and signs it again only when it says something else or grows old."""

    def __init__(self, store: Store, keys: KeyBook, places: StatusPlaces, issuer: str, clock: Clock) -> None:
        self._store = store
        self._keys = keys
        self._places = places
        self._issuer = issuer
        self._clock = clock
        self._kept: dict[int, tuple[ServedList, datetime]] = {}
        self._reading: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def served(self, number: int) -> ServedList | None:
        """The list of that number, or None where there is none yet."""
        if (fresh := self._fresh(number)) is not None:
            return fresh
        if number < 1:
            return None
        async with self._reading[number]:
            if (fresh := self._fresh(number)) is not None:
                return fresh
            now = self._clock()
            marks = await self._store.read(lambda tx: marks_of(tx, number))
            if marks is None:
                del self._reading[number]  # whoever asks for lists that do not exist leaves nothing behind
                return None
            lst = await asyncio.to_thread(self._packed, marks)
            served = self._signed(number, lst, await self._keys.signer(), now)
            self._kept[number] = served, now
            return served

    def _fresh(self, number: int) -> ServedList | None:
        kept = self._kept.get(number)
        return kept[0] if kept and timedelta(0) <= self._clock() - kept[1] < LOOK_EVERY else None

    def _packed(self, marks: list[tuple[int, int]]) -> str:
        return deflated(pack((self._places.place(seq)[1], mark) for seq, mark in marks))

    def _signed(self, number: int, lst: str, signer: Signer, now: datetime) -> ServedList:
        kept = self._kept.get(number)
        if kept and (kept[0].lst, kept[0].kid) == (lst, signer.key.kid) and now < kept[0].signed_at + SIGN_EVERY:
            return kept[0]
        issued = int(now.timestamp())
        claims: dict[str, JsonValue] = {
            "sub": f"{self._issuer}/status/{number}",
            "iat": issued,
            "exp": issued + int(LIFE.total_seconds()),
            "ttl": int(TTL.total_seconds()),
            "status_list": {"bits": BITS, "lst": lst},
        }
        body = signer.sign(Kind.STATUS_LIST, claims).encode("ascii")
        return ServedList(
            signer.key.kid, lst, body, gzip.compress(body, 9, mtime=0), sha256(body).hexdigest()[:32], now
        )
