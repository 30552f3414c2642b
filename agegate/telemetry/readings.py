"""What one process counted, as a value that can be added to another's and sent as bytes.

Counts and spreads only ever grow, so those of a process that ended still count; levels are of now, and of those that
live.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self, TypeVar

import orjson

from agegate.store.tally import Event

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Reading:
    """The numbers of one process, or of several added up."""

    counts: Mapping[Event, float] = field(default_factory=dict)
    spreads: Mapping[Event, list[float]] = field(default_factory=dict)
    levels: Mapping[Event, float] = field(default_factory=dict)

    @classmethod
    def sum_of(cls, readings: Iterable["Reading"]) -> "Reading":
        """All of them added up, label by label."""
        counts: dict[Event, float] = {}
        spreads: dict[Event, list[float]] = {}
        levels: dict[Event, float] = {}
        for reading in readings:
            for mine, theirs in ((counts, reading.counts), (levels, reading.levels)):
                for event, value in theirs.items():
                    mine[event] = mine.get(event, 0.0) + value
            for event, parts in reading.spreads.items():
                known = spreads.get(event)
                spreads[event] = [a + b for a, b in zip(known, parts, strict=True)] if known else list(parts)
        return cls(counts, spreads, levels)

    def without_levels(self) -> "Reading":
        """What remains true after the process has ended."""
        return Reading(self.counts, self.spreads)

    def to_bytes(self) -> bytes:
        """As JSON, for another process of the same program."""
        return orjson.dumps([list(part.items()) for part in (self.counts, self.spreads, self.levels)])

    @classmethod
    def of_bytes(cls, written: bytes) -> Self:
        """Read back; ValueError when it is not whole."""
        counts, spreads, levels = (_mapping(part) for part in orjson.loads(written))
        return cls(counts, spreads, levels)


def _mapping(pairs: list[tuple[list[str], V]]) -> dict[Event, V]:
    return {tuple(event): value for event, value in pairs}
