"""The worker: claim what is due, act on it without a transaction, record it under the lease.

Many acts wait side by side, so that a slow remote holds up nobody else. A crash at any point leaves the item on the
agenda; after its lease another worker takes it. What an act does is in the files beside this one.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from agegate.clock import Clock
from agegate.flows.watch_rules import WatchRules
from agegate.store import agenda
from agegate.store.line import StoreUnavailable
from agegate.store.records import AgendaItem
from agegate.store.sticky import forget_sticky
from agegate.store.store import Store
from agegate.store.transaction import Transaction
from agegate.store.turns import take_turn, turns_due
from agegate.worker.outcome import Act, Done, Later
from agegate.worker.sealing import Sealing
from agegate.worker.settling import Settling

LOG = logging.getLogger("agegate.worker")
AT_ONCE = 32
IDLE_SECONDS = 0.2
TURN_EVERY = timedelta(minutes=1)
LOOK_EVERY = timedelta(seconds=5)
ME = f"{socket.gethostname()[:100]}:{os.getpid()}"
AFTER_A_FAULT = timedelta(minutes=1)


class Chore(Protocol):
    """What has to be looked after once a minute by one worker of all, whether or not anything is due."""

    def __call__(self, tx: Transaction, *, now: datetime) -> object: ...


@dataclass(slots=True)
class Worker:
    """Runs until it is told to stop; what was claimed by then is finished first."""

    store: Store
    clock: Clock
    acts: Mapping[str, Act]
    watch: WatchRules | None = None
    chores: Sequence[Chore] = ()
    lease: timedelta = agenda.LEASE
    stay_current: Callable[[], Awaitable[None]] | None = None
    """Asked before anything is claimed; raises StoreUnavailable while nothing may be done."""

    sealing: Sealing | None = None
    let_go: Callable[[], Awaitable[None]] | None = None
    """Called when serving ends: what the acts kept open is closed."""

    _running: set["asyncio.Task[None]"] = field(default_factory=set)
    _settled: Settling = field(init=False)
    _looked_at: datetime | None = None

    def __post_init__(self) -> None:
        self._settled = Settling(self.store, lambda: len(self._running))

    async def until_idle(self) -> None:
        """Serves until nothing is due at this moment."""
        while await self._claim() or self._running:
            if self._running:
                await asyncio.wait(self._running)
        await self._end()

    async def run(self, stop: asyncio.Event) -> None:
        """Serves the agenda until `stop` is set."""
        while not stop.is_set():
            try:
                claimed = await self._claim()
                await self._take_turns()
            except StoreUnavailable:
                LOG.warning("store-unavailable")
                claimed = 0
            if claimed == 0:
                await self._pause(stop)
        await self._end()

    async def _end(self) -> None:
        if self._running:
            await asyncio.wait(self._running)
        if self.let_go is not None:
            await self.let_go()

    async def _pause(self, stop: asyncio.Event) -> None:
        """Until something may have become due, or there is room again where there was none."""
        if len(self._running) < AT_ONCE:
            await _first_of(stop, IDLE_SECONDS)
            return
        await asyncio.wait(self._running, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)

    async def _claim(self) -> int:
        if self.stay_current is not None:
            await self.stay_current()
        await self._watch_rules()
        free = AT_ONCE - len(self._running)
        now = self.clock()
        if free <= 0 or not await self.store.read(lambda tx: agenda.is_due(tx, now)):
            return 0
        items = await self.store.write(lambda tx: agenda.claim(tx, free, now, self.lease))
        for item in items:
            task = asyncio.create_task(self._serve(item))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(items)

    async def _watch_rules(self) -> None:
        """Once: rules that changed while nobody worked put those they concern on the agenda."""
        if self.watch is not None and await self.store.read(self.watch.has_changed):
            watch, now = self.watch, self.clock()
            await self.store.write(lambda tx: watch.compare(tx, now))
        self.watch = None

    async def _serve(self, item: AgendaItem) -> None:
        try:
            outcome = await self.acts[item.kind](item, self.clock())
            came = "done" if isinstance(outcome, Done) else "later"
        except Exception as fault:  # noqa: BLE001 - one broken item must not stop the others; it is tried again
            LOG.error("act-failed", extra={"kind": item.kind, "fault": type(fault)})  # noqa: TRY400 - a traceback may quote values
            outcome, came = Later(self.clock() + AFTER_A_FAULT * item.attempts, type(fault).__name__), "failed"
        self.store.tally.count("acts", item.kind, came)
        try:
            await self._settled(item, outcome)
        except StoreUnavailable:
            LOG.warning("store-unavailable", extra={"kind": item.kind})  # done again after its lease
        except Exception as fault:  # noqa: BLE001 - it was rolled back, and is done again after its lease
            LOG.error("act-failed", extra={"kind": item.kind, "fault": type(fault)})  # noqa: TRY400 - a traceback may quote values

    async def _take_turns(self) -> None:
        """Looks every few seconds whether periodic work is due that no other worker has taken."""
        now = self.clock()
        if self._looked_at is not None and now < self._looked_at + LOOK_EVERY:
            return
        self._looked_at = now
        chores = {name_of(chore): chore for chore in (forget_sticky, *self.chores)}
        due = await self.store.read(lambda tx: turns_due(tx, chores, now))
        taken = [await self._take_turn(name, chores[name], now) for name in chores if name in due]
        if any(taken):
            if self.sealing is not None:
                await self.sealing(now)
            await asyncio.to_thread(self.store.wipe_log)

    async def _take_turn(self, name: str, chore: Chore, now: datetime) -> bool:
        def unit(tx: Transaction) -> bool:
            taken = take_turn(tx, name, TURN_EVERY, now, ME)
            if taken:
                chore(tx, now=now)
            return taken

        try:
            return await self.store.write(unit)
        except StoreUnavailable:
            raise
        except Exception as fault:  # noqa: BLE001 - one broken chore must not stop the others; it is tried again
            LOG.error("chore-failed", extra={"kind": name, "fault": type(fault)})  # noqa: TRY400 - a traceback may quote values
            self.store.tally.count("acts", name, "failed")
            return False


def name_of(chore: Chore) -> str:
    """What a chore's turn is called."""
    return str(getattr(chore, "__name__", type(chore).__name__))


async def _first_of(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
