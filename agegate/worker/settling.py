"""Records what came of acts: those that end shortly after each other in one unit, under their leases.

A unit that fails is recorded item by item, so that one bad item never takes a neighbour with it. What is recorded is
the acts' business.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from agegate.store import agenda
from agegate.store.line import StoreUnavailable
from agegate.store.records import AgendaItem
from agegate.store.store import Store
from agegate.store.transaction import Transaction
from agegate.worker.outcome import Done, Later, Outcome, RecordMany, Together

ENOUGH = 16
"""Results that are recorded at once, without waiting for more."""

LONGEST_SECONDS = 0.025

Result = tuple[AgendaItem, Outcome]


@dataclass(slots=True)
class Settling:
    """Awaited with one result; returns once it is recorded, or the lease was lost and nothing was."""

    store: Store
    running: Callable[[], int]
    """How many acts run, those included whose result waits: there is nothing to gather beyond them."""

    _waiting: "list[tuple[Result, asyncio.Future[None]]]" = field(default_factory=list)
    _gathering: "asyncio.Task[None] | None" = None
    _enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, item: AgendaItem, outcome: Outcome) -> None:
        """Raises StoreUnavailable: the item is done again after its lease."""
        recorded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(((item, outcome), recorded))
        if len(self._waiting) >= min(ENOUGH, self.running()):
            self._enough.set()
        if self._gathering is None:
            self._gathering = asyncio.create_task(self._gather())
        await recorded

    async def _gather(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._enough.wait(), LONGEST_SECONDS)
        self._enough.clear()
        waiting, self._waiting, self._gathering = self._waiting, [], None
        fault = await self._record([result for result, _ in waiting])
        if fault is None or isinstance(fault, StoreUnavailable) or len(waiting) == 1:
            faults = [fault] * len(waiting)
        else:
            faults = [await self._record([result]) for result, _ in waiting]
        for (_, recorded), each in zip(waiting, faults, strict=True):
            _tell(recorded, each)

    async def _record(self, results: Sequence[Result]) -> Exception | None:
        try:
            await self.store.write(lambda tx: settle(tx, results))
        except Exception as fault:  # noqa: BLE001 - it is given to whoever waits for this item
            return fault
        return None


def settle(tx: Transaction, results: Sequence[Result]) -> set[AgendaItem]:
    """Records outcomes while their leases stand; the items of those. Of the others nothing is written."""
    held = agenda.finish(tx, [item for item, outcome in results if isinstance(outcome, Done)])
    together: dict[RecordMany, list[Together]] = defaultdict(list)
    for item, outcome in results:
        match outcome:
            case Done(Together() as record) if item in held:
                together[record.record].append(record)
            case Done(record) if item in held and not isinstance(record, Together):
                record(tx)
            case Later(due_at, error, record) if agenda.postpone(tx, item, due_at, error):
                held.add(item)
                record(tx)
    for record_many, records in together.items():
        record_many(tx, [each.row for each in records], max(each.at for each in records))
    return held


def _tell(recorded: "asyncio.Future[None]", fault: Exception | None) -> None:
    if recorded.done():
        return
    if fault is None:
        recorded.set_result(None)
    else:
        recorded.set_exception(fault)
