"""What came of an act: done, or to be tried again later; each with what is to be recorded, if anything.

The recording runs in a transaction of its own, after the fence: only while the lease still stands.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from agegate.store.records import AgendaItem
from agegate.store.transaction import Transaction

Record = Callable[[Transaction], object]
RecordMany = Callable[[Transaction, Sequence[str], datetime], object]


def nothing(tx: Transaction) -> None:
    """Nothing to record."""
    del tx


@dataclass(frozen=True, slots=True)
class Together:
    """A recording that takes many rows at once: those of all items that were finished in the same way."""

    record: RecordMany
    row: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """The work is finished and leaves the agenda."""

    record: Record | Together = nothing


@dataclass(frozen=True, slots=True)
class Later:
    """The work failed for now and stays on the agenda; `error` is a code, never a text of the other side."""

    due_at: datetime
    error: str
    record: Record = nothing


Outcome = Done | Later
Act = Callable[[AgendaItem, datetime], Awaitable[Outcome]]
