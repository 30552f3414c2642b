"""The questions about sweeps, in the domain's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from agegate.store.prebuilt import Prebuilt
from agegate.store.purges import PURGES
from agegate.store.sweep_tables import SweepRow, SweptSubjectRow
from agegate.store.transaction import Transaction, Values, as_values, columns_for, first, table_of

SWEEPS = table_of(SweepRow)
SWEPT = table_of(SweptSubjectRow)


@dataclass(frozen=True, slots=True)
class Sweep:
    """How far a file was applied."""

    id: str
    service: str
    position: int
    counts: dict[str, int]
    asked_until: datetime | None
    begun_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class SweptSubject:
    """What a file claimed of a subject."""

    subject_id: str
    claimed_at: datetime | None
    claim_reference_digest: str | None
    sealed_guardian: str | None
    locale: str | None
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class PurgedAt:
    """When a subject's purge was ordered."""

    subject_digest: str
    ordered_at: datetime


_PURGED = Prebuilt(
    select(PURGES.c.subject_digest, PURGES.c.ordered_at).where(PURGES.c.service == bindparam("in_service")),
    PurgedAt,
    PURGES.c.subject_digest,
)


def sweep_by_id(tx: Transaction, row: str) -> Sweep | None:
    """The sweep with that id, or None."""
    return first(as_values(Sweep, tx.rows(columns_for(SweepRow, Sweep).where(SWEEPS.c.id == row))))


def unfinished_sweeps(tx: Transaction, service: str) -> list[Sweep]:
    """The sweeps of a service that stopped on the way, oldest first."""
    stopped = columns_for(SweepRow, Sweep).where(SWEEPS.c.service == service, SWEEPS.c.finished_at.is_(None))
    return as_values(Sweep, tx.rows(stopped.order_by(SWEEPS.c.begun_at)))


def add_sweep(tx: Transaction, row: Values) -> None:
    """Appends a sweep."""
    tx.append(SweepRow, row)


def move_sweep(tx: Transaction, row: str, was: int, to: int) -> bool:
    """Moves the position on; False when it is not where it was: another process applies the same file."""
    still = SWEEPS.c.id == row, SWEEPS.c.position == was, SWEEPS.c.finished_at.is_(None)
    return tx.change(update(SWEEPS).where(*still).values(position=to)) == 1


def note_sweep(tx: Transaction, row: str, values: Values) -> None:
    """Sets facts of a sweep, by whoever moved it in this transaction."""
    tx.change(update(SWEEPS).where(SWEEPS.c.id == row).values(**values))


def drop_sweep(tx: Transaction, row: str) -> None:
    """Leaves an unfinished sweep behind; what it wrote stays."""
    tx.change(delete(SWEEPS).where(SWEEPS.c.id == row, SWEEPS.c.finished_at.is_(None)))


def add_swept(tx: Transaction, row: Values) -> None:
    """Appends what a file claims of a subject."""
    tx.append(SweptSubjectRow, row)


def swept_of(tx: Transaction, subject: str) -> SweptSubject | None:
    """What a file claimed of a subject, or None."""
    wanted = columns_for(SweptSubjectRow, SweptSubject).where(SWEPT.c.subject_id == subject)
    return first(as_values(SweptSubject, tx.rows(wanted)))


def note_asked(tx: Transaction, subject: str, now: datetime) -> bool:
    """Empties the guardian's address, which has done its work; False when it was empty already."""
    waiting = update(SWEPT).where(SWEPT.c.subject_id == subject, SWEPT.c.sealed_guardian.is_not(None))
    return tx.change(waiting.values(sealed_guardian=None, asked_at=now)) == 1


def purged_at(tx: Transaction, service: str, digests: Sequence[str]) -> dict[str, datetime]:
    """When each of those subjects was purged last."""
    found: dict[str, datetime] = {}
    for purge in _PURGED(tx.connection, {"in_service": service, "names": list(digests)}):
        found[purge.subject_digest] = max(purge.ordered_at, found.get(purge.subject_digest, purge.ordered_at))
    return found
