"""The questions about the audit log, in the domain's words.

Writers only append; the place in the chain is given later, by one sealer at a time, so that writers never wait for
each other. What an entry may say is the flows' business.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, text, update

from agegate.signing.audit_chain import instant
from agegate.signing.strict_jws import JsonValue
from agegate.store.audit_tables import AuditCheckpointRow, AuditEntryRow
from agegate.store.transaction import Transaction, Values, as_values, columns_for, first, table_of

ENTRIES = table_of(AuditEntryRow)
CHECKPOINTS = table_of(AuditCheckpointRow)
ONE_SEALER = 0x61756469  # PostgreSQL's advisory lock of whoever seals; it ends with the transaction


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act, as it was written."""

    id: str
    seq: int | None
    at: datetime
    action: str
    actor: str
    service: str | None
    ref: str | None
    facts: dict[str, JsonValue]
    commitment: str | None
    hash: str | None

    def body(self, seq: int) -> dict[str, JsonValue]:
        """What the hash at that place covers."""
        return {
            "seq": seq,
            "id": self.id,
            "at": instant(self.at),
            "action": self.action,
            "actor": self.actor,
            "service": self.service,
            "ref": self.ref,
            "facts": self.facts,
            "commitment": self.commitment,
        }


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement of how far the chain had grown."""

    number: int
    seq: int
    head: str
    jws: str


_ENTRY, _CHECKPOINT = columns_for(AuditEntryRow, AuditEntry), columns_for(AuditCheckpointRow, Checkpoint)
_WAITING = _ENTRY.where(ENTRIES.c.seq.is_(None)).order_by(ENTRIES.c.id).limit(bindparam("most"))
_SEALED = _ENTRY.where(ENTRIES.c.seq > bindparam("after")).order_by(ENTRIES.c.seq).limit(bindparam("most"))
_SINCE = _CHECKPOINT.where(CHECKPOINTS.c.number > bindparam("after")).order_by(CHECKPOINTS.c.number)
_SEAL = (
    update(ENTRIES)
    .where(ENTRIES.c.id == bindparam("entry"), ENTRIES.c.seq.is_(None))
    .values(seq=bindparam("place"), hash=bindparam("linked"))
)


def add_entry(tx: Transaction, row: Values) -> None:
    """Appends an entry that has no place in the chain yet."""
    tx.append(AuditEntryRow, row)


def may_seal(tx: Transaction) -> bool:
    """Whether this transaction is the only one that seals; on SQLite every writer is alone."""
    if tx.connection.dialect.name == "sqlite":
        return True
    return bool(tx.rows(text("SELECT pg_try_advisory_xact_lock(:lock) AS mine"), {"lock": ONE_SEALER})[0]["mine"])


def waiting_entries(tx: Transaction, most: int) -> list[AuditEntry]:
    """The oldest entries that have no place yet; one whose transaction commits late is simply seen later."""
    return as_values(AuditEntry, tx.rows(_WAITING, {"most": most}))


def count_waiting(tx: Transaction) -> int:
    """How many entries have no place yet."""
    counted = select(func.count().label("waiting")).where(ENTRIES.c.seq.is_(None))
    return int(tx.rows(counted)[0]["waiting"])


def seal_entries(tx: Transaction, places: Collection[Values]) -> None:
    """Gives entries their places: `entry`, `place` and `linked` of each."""
    tx.flush()
    tx.connection.execute(_SEAL, list(places))


def add_checkpoint(tx: Transaction, row: Values) -> None:
    """Appends a checkpoint and writes it at once: a second one of that number fails here."""
    tx.append(AuditCheckpointRow, row)
    tx.flush()


def last_checkpoint(tx: Transaction) -> Checkpoint | None:
    """The newest checkpoint, or None before the first sealing."""
    newest = _CHECKPOINT.order_by(CHECKPOINTS.c.number.desc()).limit(1)
    return first(as_values(Checkpoint, tx.rows(newest)))


def checkpoints_after(tx: Transaction, number: int, most: int) -> Sequence[Checkpoint]:
    """The checkpoints after that one, in order."""
    return as_values(Checkpoint, tx.rows(_SINCE.limit(most), {"after": number}))


def checkpoints_within(tx: Transaction, after: int, last: int) -> Sequence[Checkpoint]:
    """The checkpoints that end at a place after the first and up to the last, in order."""
    within = _CHECKPOINT.where(CHECKPOINTS.c.seq > after, CHECKPOINTS.c.seq <= last)
    return as_values(Checkpoint, tx.rows(within.order_by(CHECKPOINTS.c.seq)))


def sealed_after(tx: Transaction, seq: int, most: int) -> Sequence[AuditEntry]:
    """The sealed entries after that place, in order."""
    return as_values(AuditEntry, tx.rows(_SEALED, {"after": seq, "most": most}))
