"""The two lanes to the writer, each bounded: what protects a child goes first and is never crowded out.

Withdrawals, refusals, purge orders and confirmations take the urgent lane. A full lane refuses at once instead of
letting everybody wait.
"""

from collections import deque
from queue import SimpleQueue

from agegate.store.units import Loop, Unit

MOST_WAITING = 2048


class LaneFull(Exception):
    """Too much waits already."""


class Lanes:
    """Units in the order they came, urgent ones first."""

    def __init__(self) -> None:
        self._urgent: deque[Unit[object]] = deque()
        self._ordinary: deque[Unit[object]] = deque()
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
        """Waits for work and takes up to that many units; an empty list means that the lanes are closed and empty."""
        while True:
            self._bell.get()
            self._rung = False  # before anything is taken: what comes from here on rings again
            batch = [lane.popleft() for lane in (self._urgent, self._ordinary) for _ in range(min(len(lane), most))]
            self._ordinary.extendleft(reversed(batch[most:]))
            if self._urgent or self._ordinary:
                self._ring()
            if batch or self.closed:
                return batch[:most]

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

    def _ring_after_this_turn(self, loop: Loop) -> None:
        # Everybody whom the loop serves in the same turn then goes into one batch.
        self._rung = True
        loop.call_soon(self._bell.put, None)

    def _ring(self) -> None:
        self._rung = True
        self._bell.put(None)
