"""The questions about tombstones and the database's place in the ledger, in the domain's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from agegate.store.ledger import Line, Mark, Tombstone
from agegate.store.subjects import SUBJECTS
from agegate.store.tombstone_tables import LedgerMarkRow, TombstoneRow
from agegate.store.transaction import Transaction, as_values, columns_for, first, table_of

TOMBSTONES = table_of(TombstoneRow)
MARK = table_of(LedgerMarkRow)
PAGE = 100
PART = 500

_STONE = columns_for(TombstoneRow, Tombstone)
_WAITING = _STONE.where(TOMBSTONES.c.purge == bindparam("wanted"), TOMBSTONES.c.position.is_(None))
_PAGE = (
    select(TOMBSTONES.c.position, TOMBSTONES.c.digest, TOMBSTONES.c.purged_at)
    .where(TOMBSTONES.c.service == bindparam("in_service"), TOMBSTONES.c.position > bindparam("cursor"))
    .order_by(TOMBSTONES.c.position)
    .limit(PAGE)
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A tombstone as the feed shows it."""

    position: int
    digest: str
    purged_at: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """A subject as far as a tombstone has to know it."""

    id: str
    subject: str
    created_at: datetime


def add_tombstone(tx: Transaction, stone: Tombstone) -> None:
    """Appends a tombstone that the ledger does not have yet."""
    tx.append(TombstoneRow, _row(stone, None))


def waiting_tombstone(tx: Transaction, purge: str) -> Tombstone | None:
    """The tombstone of a purge while the ledger does not have it, or None."""
    return first(as_values(Tombstone, tx.rows(_WAITING, {"wanted": purge})))


def place_of(tx: Transaction, purge: str) -> int | None:
    """Where a purge's tombstone stands in the ledger; None while it does not."""
    found = tx.rows(select(TOMBSTONES.c.position).where(TOMBSTONES.c.purge == purge))
    position = found[0]["position"] if found else None
    return None if position is None else int(position)


def ledger_mark(tx: Transaction) -> Mark:
    """Up to where this database knows the ledger."""
    found = tx.rows(select(MARK.c.position, MARK.c.chain))
    return Mark(int(found[0]["position"]), str(found[0]["chain"])) if found else Mark()


def unknown_lines(tx: Transaction, lines: Sequence[Line]) -> list[Line]:
    """Those of the lines whose purge this database never heard of: it is older than they are."""
    known: set[str] = set()
    for start in range(0, len(lines), PART):
        asked = [line.stone.purge for line in lines[start : start + PART]]
        rows = tx.rows(select(TOMBSTONES.c.purge).where(TOMBSTONES.c.purge.in_(asked)))
        known.update(str(row["purge"]) for row in rows)
    return [line for line in lines if line.stone.purge not in known]


def move_mark(tx: Transaction, known: Mark, lines: Sequence[Line]) -> bool:
    """Notes that the ledger has those lines, which follow the mark; False when the mark has moved meanwhile."""
    if not lines:
        return True
    here = update(MARK).where(MARK.c.position == known.position, MARK.c.chain == known.chain)
    if tx.change(here.values(position=lines[-1].mark.position, chain=lines[-1].mark.chain)) != 1:
        return False
    unheard = unknown_lines(tx, lines)
    for line in unheard:
        tx.append(TombstoneRow, _row(line.stone, line.mark.position))
    new = {line.stone.purge for line in unheard}
    for line in lines:
        if line.stone.purge not in new:
            mine = update(TOMBSTONES).where(TOMBSTONES.c.purge == line.stone.purge)
            tx.change(mine.values(position=line.mark.position))
    return True


def tombstones_after(tx: Transaction, service: str, cursor: int) -> list[Placed]:
    """Up to `PAGE` tombstones of a service after a place, in the ledger's order."""
    return as_values(Placed, tx.rows(_PAGE, {"in_service": service, "cursor": cursor}))


def subjects_by_ids(tx: Transaction, service: str, after: str, most: int) -> list[Named]:
    """A part of a service's subjects, in the order of their rows' ids."""
    wanted = select(SUBJECTS.c.id, SUBJECTS.c.subject, SUBJECTS.c.created_at)
    page = wanted.where(SUBJECTS.c.service == service, SUBJECTS.c.id > after).order_by(SUBJECTS.c.id).limit(most)
    return as_values(Named, tx.rows(page))


def all_tombstones(tx: Transaction, after: int) -> list[Tombstone]:
    """Every tombstone that the ledger had, after a place: what a lost part of it is written from."""
    return as_values(Tombstone, tx.rows(_STONE.where(TOMBSTONES.c.position > after).order_by(TOMBSTONES.c.position)))


def _row(stone: Tombstone, position: int | None) -> dict[str, object]:
    return {
        "purge": stone.purge,
        "service": stone.service,
        "digest": stone.digest,
        "reason": stone.reason,
        "purged_at": stone.purged_at,
        "position": position,
    }
