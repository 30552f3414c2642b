"""Reads that many units of a batch need, done once for all of them.

A unit may say beforehand which rows it will look for by their natural key; the batch fetches them with one statement a
table. What is found is dropped as soon as anything that could change it is written. A hint only: without it a unit
reads by itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from agegate.store.prebuilt import Prebuilt

R = TypeVar("R")
Key = tuple[str, str]
"""Service, and the name or digest within it."""

Lookup = tuple[str, Key]
"""A table, and the key to look for in it."""

Fetch = Callable[[Connection, Sequence[Key]], dict[Key, list[object]]]


def fetch_by_name(
    connection: Connection, keys: Iterable[Key], question: Prebuilt[R], name_of: Callable[[R], str]
) -> dict[Key, list[object]]:
    """What a question finds under those keys, one statement for each service that is among them."""
    names: dict[str, list[str]] = defaultdict(list)
    for service, name in keys:
        names[service].append(name)
    found: dict[Key, list[object]] = defaultdict(list)
    for service, wanted in names.items():
        for each in question(connection, {"in_service": service, "names": wanted}):
            found[service, name_of(each)].append(each)
    return found


class Lookahead:
    """What was fetched for this batch and still holds."""

    def __init__(self) -> None:
        self._found: dict[Lookup, list[object]] = {}

    def fetch(self, connection: Connection, wanted: Iterable[Lookup], fetches: dict[str, Fetch]) -> None:
        """Fetches everything that is wanted; a key without a row is known to have none."""
        self._found = {lookup: [] for lookup in wanted}
        by_table: dict[str, list[Key]] = defaultdict(list)
        for table, key in self._found:
            by_table[table].append(key)
        for table, keys in by_table.items():
            self._found |= {(table, key): rows for key, rows in fetches[table](connection, keys).items()}

    def get(self, table: str, key: Key) -> list[object] | None:
        """The rows with that key, or None when nothing is known about it."""
        return self._found.get((table, key))

    def drop(self, lookup: Lookup) -> None:
        """Forgets one key: a row with it was appended."""
        self._found.pop(lookup, None)

    def clear(self) -> None:
        """Forgets everything: something was changed."""
        self._found.clear()
