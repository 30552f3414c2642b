"""How large the batches of a line are: what tells whether requests share commits, and whether they queue up.

Owns the counting, once per batch. `also` lets a trace see the same batch; without one nothing is called.
"""

from bisect import bisect_left
from collections.abc import Callable
from typing import Final

BOUNDS: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)


class Batches:
    """The sizes of the batches of one line."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.spread = [0.0] * (len(BOUNDS) + 2)
        """A count for each bound and one above, then the sum."""

        self.also: Callable[[str, int, float], None] | None = None

    def __call__(self, units: int, began: float) -> None:
        """One batch is over; `began` is an instant of `time.perf_counter`."""
        self.spread[bisect_left(BOUNDS, units)] += 1
        self.spread[-1] += units
        if self.also is not None:
            self.also(self.line, units, began)
