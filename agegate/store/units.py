"""A unit of work on its way through the writer, and how its result gets back to whoever waits for it.

Owns the hand-over between threads: callers on an event loop are woken once per batch, not once per unit. What a unit
does, and when it is run, is the flows' and the writer's business.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from agegate.store.lookahead import Lookup
from agegate.store.transaction import Transaction

T = TypeVar("T")
Loop = asyncio.AbstractEventLoop
Waiter = asyncio.Future[T] | Future[T]


@dataclass(slots=True, eq=False)
class Unit(Generic[T]):
    """Work for one transaction; it may be run twice, so it has no effect outside it."""

    work: Callable[[Transaction], T]
    waiter: "Waiter[T] | None" = None
    """Who is told; nobody where something is only looked at again."""

    loop: Loop | None = None
    """The event loop that the waiter belongs to; None for a caller that blocks."""

    looks_for: tuple[Lookup, ...] = ()
    """Rows that it will ask for by their natural key."""

    meanwhile: Callable[[T], None] | None = None
    """Told on the loop what the work returned, while that is made durable; it may come to nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a unit: what it returned, or what it raised."""

    unit: Unit[object]
    value: object = None
    fault: BaseException | None = None

    def tell(self) -> None:
        """Gives the result to the waiter; one that gave up meanwhile is left alone."""
        waiter = self.unit.waiter
        if waiter is None or waiter.done():
            return
        if self.fault is not None:
            waiter.set_exception(self.fault)
        else:
            waiter.set_result(self.value)


def hand_over(outcomes: Iterable[Outcome]) -> None:
    """Tells every waiter: those on an event loop all at once, in that loop's own thread."""
    _on_their_loops(outcomes, _tell_all)


def tell_ahead(outcomes: Iterable[Outcome]) -> None:
    """Lets those on an event loop do while their result is made durable what they would do with it afterwards."""
    _on_their_loops([outcome for outcome in outcomes if outcome.unit.meanwhile is not None], _tell_all_ahead)


def _on_their_loops(outcomes: Iterable[Outcome], tell: Callable[[list[Outcome]], None]) -> None:
    by_loop: dict[Loop, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.unit.loop is None:
            tell([outcome])
        else:
            by_loop[outcome.unit.loop].append(outcome)
    for loop, waiting in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, waiting)


def _tell_all(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        outcome.tell()


def _tell_all_ahead(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        unit = outcome.unit
        if unit.meanwhile is not None and unit.waiter is not None and not unit.waiter.done():
            unit.meanwhile(outcome.value)
