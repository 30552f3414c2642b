"""The two lanes to the writer, each bounded: what protects a child goes first and is never crowded out.

Withdrawals, refusals, purge orders and confirmations take the urgent lane. A full lane refuses at once instead of
letting everybody wait.
"""

from collections import deque
from contextlib import suppress
from queue import Empty, SimpleQueue

from agegate.store.units import Loop, Unit

MOST_WAITING = 2048
BY_THE_WAY_SECONDS = 0.02
"""How long what nobody waits for is kept for the next batch, before it makes one of its own."""


class LaneFull(Exception):
    """Too much waits already."""


class Lanes:
    """Units in the order they came, urgent ones first."""

    def __init__(self) -> None:
        self._urgent: deque[Unit[object]] = deque()
        self._ordinary: deque[Unit[object]] = deque()
        self._by_the_way: list[Unit[object]] = []
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._rung = False
        self.closed = False

    def put(self, unit: Unit[object], *, urgent: bool) -> None:
        """Queues a unit, or raises LaneFull."""
        lane = self._urgent if urgent else self._ordinary
        if self.closed or len(lane) >= MOST_WAITING:
            raise LaneFull
        lane.append(unit)
        if unit.loop is None:
            self._ring()
        elif not self._rung:
            self._ring_after_this_turn(unit.loop)

    def take(self, most: int) -> list[Unit[object]]:
        """Waits for work and takes up to that many units; an empty list means that the lanes are closed and empty.

        What was put by comes on top: it is short, and has its place in the next batch.
        """
        while True:
            self._wait()
            self._rung = False  # before anything is taken: what comes from here on rings again
            batch = [lane.popleft() for lane in (self._urgent, self._ordinary) for _ in range(min(len(lane), most))]
            self._ordinary.extendleft(reversed(batch[most:]))
            if self._urgent or self._ordinary:
                self._ring()
            if batch or self._by_the_way or self.closed:
                also, self._by_the_way = self._by_the_way, []
                return batch[:most] + also

    def put_by(self, units: list[Unit[object]]) -> None:
        """Adds to the next batch what nobody waits for. Called by the thread that takes."""
        self._by_the_way += units

    def put_back(self, units: list[Unit[object]]) -> None:
        """Returns units that found no place in a batch, to be the next."""
        self._ordinary.extendleft(reversed(units))
        self._ring()

    def waiting(self) -> dict[str, int]:
        """How many units wait in each lane."""
        return {"urgent": len(self._urgent), "ordinary": len(self._ordinary)}

    def close(self) -> None:
        """Takes nothing more; what is queued is still taken."""
        self.closed = True
        self._ring()

    def drain(self) -> list[Unit[object]]:
        """Everything that still waits, taken at once."""
        return [lane.popleft() for lane in (self._urgent, self._ordinary) for _ in range(len(lane))]

    def drain_ordinary(self) -> list[Unit[object]]:
        """The same of the ordinary lane alone."""
        return [self._ordinary.popleft() for _ in range(len(self._ordinary))]

    def _wait(self) -> None:
        if self.closed:
            return  # nothing is put any more: what is there is taken without a bell
        with suppress(Empty):
            self._bell.get(timeout=BY_THE_WAY_SECONDS if self._by_the_way else None)

    def _ring_after_this_turn(self, loop: Loop) -> None:
        # Everybody whom the loop serves in the same turn then goes into one batch.
        self._rung = True
        loop.call_soon(self._bell.put, None)

    def _ring(self) -> None:
        self._rung = True
        self._bell.put(None)
