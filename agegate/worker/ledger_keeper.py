"""Keeps the database beside its ledger: nothing is served and nothing done while a restored one lags behind it.

Owns the look, at most once a second, and applying what is missing before the worker does anything else.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from agegate.clock import Clock
from agegate.flows.apply_tombstones import Applied, ApplyTombstones
from agegate.store.ledger import LedgerBroken, Line, Mark
from agegate.store.line import StoreUnavailable
from agegate.store.store import Store
from agegate.store.tombstones import ledger_mark

LOG = logging.getLogger("agegate.ledger")
FRESH_FOR = timedelta(seconds=1)


class LedgerBehind(StoreUnavailable):
    """The database is older than its ledger, or the ledger is not its own; nothing may be answered from it."""


class LedgerKeeper:
    """One for the server and the worker of a process."""

    def __init__(self, store: Store, clock: Clock, apply: ApplyTombstones) -> None:
        self._store = store
        self._clock = clock
        self._apply = apply
        self._current_at: datetime | None = None

    async def require_current(self) -> None:
        """Raises LedgerBehind unless the database knew every tombstone less than a second ago."""
        now = self._clock()
        if self._current_at is not None and timedelta(0) <= now - self._current_at < FRESH_FOR:
            return
        if await self.missing():
            raise LedgerBehind
        self._current_at = now

    async def missing(self) -> list[Line]:
        """The tombstones that this database never heard of."""
        # The file first: what it holds was committed before, so this process's own writes are never missing.
        _, lines = await self._lines()
        return await self._store.read(lambda tx: self._apply.unknown(tx, lines)) if lines else []

    async def stay_current(self) -> None:
        """The same look, and applies what is missing. Raises LedgerBehind where that cannot help."""
        try:
            await self.require_current()
        except LedgerBehind:
            await self.bring_current()

    async def bring_current(self) -> Applied:
        """Applies what is missing; most often nothing."""
        missing = await self.missing()
        if not missing:
            return Applied(0, 0)
        LOG.warning("ledger-behind", extra={"tombstones": len(missing)})
        purged = 0
        for service in await self._store.read(lambda tx: self._apply.services(tx, missing)):
            purged += await self._purge_again(service, missing)
        while not await self._note_all():
            LOG.info("ledger-contended")
        LOG.warning("ledger-applied", extra={"tombstones": len(missing), "subjects": purged})
        return Applied(len(missing), purged)

    async def _purge_again(self, service: str, missing: Sequence[Line]) -> int:
        after, purged, now = "", 0, self._clock()
        while True:
            start = after
            after, some = await self._store.write(lambda tx: self._apply.part(tx, service, missing, start, now))  # noqa: B023 - awaited before the next turn
            purged += some
            if not after:
                return purged

    async def _note_all(self) -> bool:
        known, lines = await self._lines()
        return await self._store.write(lambda tx: self._apply.finish(tx, known, lines))

    async def _lines(self) -> tuple[Mark, list[Line]]:
        known = await self._store.read(ledger_mark)
        try:
            return known, await asyncio.to_thread(self._apply.ledger.after, known)
        except LedgerBroken as fault:
            LOG.error("ledger-broken", extra={"fault": type(fault)})  # noqa: TRY400 - `agegate ledger show` says what is wrong
            raise LedgerBehind from None
