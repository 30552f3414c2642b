"""Measures each request on its way out: one list entry and one line for the log, no lock and no formatting.

Owns the durations by method, route template and status. It is called on the event loop only; readers on other threads
copy. Nothing else about a request is known here.
"""

from bisect import bisect_left
from collections.abc import Callable

from agegate.store.tally import Event
from agegate.telemetry.families import SECONDS

Line = tuple[str, str, int, float, str]
UNAVAILABLE = 503


def no_line(line: Line) -> None:
    """Where requests are not logged."""
    del line


class Requests:
    """The durations since the process began."""

    def __init__(self, write: Callable[[Line], None] = no_line) -> None:
        self._write = write
        self._spreads: dict[tuple[str, str, int], list[float]] = {}

    def __call__(self, method: str, route: str, status: int, seconds: float, request_id: str) -> None:
        """One request is over."""
        key = (method, route, status)
        spread = self._spreads.get(key)
        if spread is None:
            spread = self._spreads[key] = [0.0] * (len(SECONDS) + 2)
        spread[bisect_left(SECONDS, seconds)] += 1
        spread[-1] += seconds
        self._write((method, route, status, seconds, request_id))

    def spreads(self) -> dict[Event, list[float]]:
        """A spread for each method, route and class of status."""
        found: dict[Event, list[float]] = {}
        for (method, route, status), spread in self._spreads.copy().items():
            event = ("request_duration_seconds", method, route, f"{status // 100}xx")
            known = found.get(event)
            found[event] = [a + b for a, b in zip(known, spread, strict=True)] if known else spread.copy()
        return found

    def unavailable(self) -> float:
        """How many requests were told to come back later."""
        spreads = self._spreads.copy().items()
        return sum(sum(spread[:-1]) for (_, _, status), spread in spreads if status == UNAVAILABLE)
