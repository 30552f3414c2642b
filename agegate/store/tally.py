"""What this process counted since it began: kinds of events with a few labels, nobody's name and nothing of anybody.

Owns adding up. What is counted inside a transaction arrives here only after its commit, so a batch that is run again
counts once. What the numbers mean to a reader of metrics is `telemetry`'s business.
"""

from collections import defaultdict
from collections.abc import Mapping
from threading import Lock

Event = tuple[str, ...]
"""The family and its labels: `("consents", "granted")`."""


class Tally:
    """Counts from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[Event, int] = defaultdict(int)

    def count(self, *event: str, by: int = 1) -> None:
        """One more of an event."""
        with self._lock:
            self._counts[event] += by

    def add(self, counted: Mapping[Event, int]) -> None:
        """Takes over what a transaction counted, once it is durable."""
        if counted:
            with self._lock:
                for event, times in counted.items():
                    self._counts[event] += times

    def snapshot(self) -> dict[Event, int]:
        """Everything counted so far."""
        with self._lock:
            return dict(self._counts)
