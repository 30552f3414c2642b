"""Whether a token was taken back: looked up in the issuer's status lists, each kept for the time it names.

Owns which addresses are asked and what follows from an entry. An old list is used in an outage until it ends; without
any, nobody comes in. A token without a status was never given an entry, and lives its minutes.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agegate.clock import from_epoch
from agegate.signing.verify import (
    Claims,
    Kind,
    ListBroken,
    Reason,
    Status,
    TokenRefused,
    inflated,
    status_at,
    verify,
)
from agegate.verifier.cached import Cached, Held, max_age
from agegate.verifier.fetching import Reply
from agegate.verifier.key_cache import KeyCache

MOST_LISTS = 256
USUAL_TTL = timedelta(seconds=60)
LONGEST_TTL = timedelta(minutes=15)
REFUSALS = {Status.INVALID: Reason.REVOKED, Status.SUSPENDED: Reason.SUSPENDED}


@dataclass(slots=True)
class StatusCheck:
    """Asks nobody but the issuer of the token, at addresses below its own."""

    issuer: str
    accept_test: bool
    keys: KeyCache
    clock: Callable[[], datetime]
    pause: timedelta
    total: float
    _lists: "OrderedDict[str, Cached[bytes]]" = field(default_factory=OrderedDict, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def check(self, claims: Claims) -> None:
        """Refuses a token that was taken back. Blocks only while a list is fetched."""
        if (place := self._place(claims)) is None:
            return
        now = self.clock()
        if self._wants(place[0], now):
            place[0].refresh(now)
        _judge(*place, now)

    async def check_async(self, claims: Claims) -> None:
        """The same, without blocking the event loop."""
        if (place := self._place(claims)) is None:
            return
        now = self.clock()
        if self._wants(place[0], now):
            await place[0].refresh_soon(now)
        _judge(*place, now)

    def _place(self, claims: Claims) -> tuple[Cached[bytes], int] | None:
        match claims.get("status"):
            case None:
                return None
            case {"status_list": {"idx": int(index), "uri": str(uri)}} if uri.startswith(f"{self.issuer}/"):
                return self._list(uri), index
        raise TokenRefused(Reason.WRONG_CLAIMS)

    @staticmethod
    def _wants(kept: Cached[bytes], now: datetime) -> bool:
        return kept.is_worth_fetching(now) and kept.may_fetch(now)

    def _list(self, uri: str) -> Cached[bytes]:
        with self._lock:
            if uri not in self._lists:
                read = self._reader(uri)
                self._lists[uri] = Cached(uri, read, self.clock, self.pause, self.total, "application/statuslist+jwt")
            self._lists.move_to_end(uri)
            while len(self._lists) > MOST_LISTS:
                self._lists.popitem(last=False)
            return self._lists[uri]

    def _reader(self, uri: str) -> Callable[[Reply, datetime], Held[bytes]]:
        def read(reply: Reply, now: datetime) -> Held[bytes]:
            claims = self._verified(reply, now)
            listed = claims["status_list"]
            if claims["sub"] != uri or not isinstance(listed, Mapping):
                raise TokenRefused(Reason.WRONG_CLAIMS)
            ends = from_epoch(int(str(claims["exp"])))
            ttl = timedelta(seconds=int(str(claims.get("ttl", LONGEST_TTL.seconds))))
            fresh_for = min(ttl, max_age(reply, USUAL_TTL, LONGEST_TTL))
            return Held(inflated(str(listed["lst"])), min(now + fresh_for, ends), ends)

        return read

    def _verified(self, reply: Reply, now: datetime) -> Claims:
        keys = self.keys.at(now)
        if keys is None:
            raise TokenRefused(Reason.KEYS_UNAVAILABLE)
        text = reply.body.decode("ascii")
        try:
            return verify(
                text,
                keys,
                kind=Kind.STATUS_LIST,
                issuer=self.issuer,
                audience=None,
                now=now,
                accept_test=self.accept_test,
            )
        except TokenRefused as refused:
            if refused.reason is Reason.UNKNOWN_KEY:
                self.keys.distrust()  # the list is signed by a key that came after our copy of them
            raise


def _judge(kept: Cached[bytes], index: int, now: datetime) -> None:
    octets = kept.at(now)
    if octets is None:
        raise TokenRefused(Reason.STATUS_UNAVAILABLE)
    try:
        status = status_at(octets, index)
    except ListBroken:
        raise TokenRefused(Reason.STATUS_UNAVAILABLE) from None
    if status in REFUSALS:
        raise TokenRefused(REFUSALS[status])
