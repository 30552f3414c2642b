"""The salts of subjects that are gone: while one is kept, its subject can be shown which evidence is its own.

A living subject's salt follows from its row's id under the evidence key and is stored nowhere. Deleting the row here
is the destruction, since that id is kept nowhere after a purge.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete, update

from agegate.store.audit_tables import EvidenceSaltRow
from agegate.store.transaction import Transaction, as_values, columns_for, table_of
from agegate.store.vault import Cell, Vault

SALTS = table_of(EvidenceSaltRow)


@dataclass(frozen=True, slots=True)
class KeptSalt:
    """One life of a subject at a service, ended."""

    id: str
    service: str
    subject_digest: str = field(repr=False)
    sealed_salt: str = field(repr=False)
    ended_at: datetime
    destroy_at: datetime | None

    def opened(self, vault: Vault) -> str:
        """The salt itself. Raises SealBroken."""
        return vault.open(vault.evidence, salt_cell(self.id), self.sealed_salt)


_OF = columns_for(EvidenceSaltRow, KeptSalt).where(
    SALTS.c.service == bindparam("in_service"), SALTS.c.subject_digest == bindparam("digest")
)


def salt_cell(row: str) -> Cell:
    """Where a salt is sealed, under the evidence key."""
    return Cell("evidence_salts", "sealed_salt", row)


def keep_salt(tx: Transaction, vault: Vault, row: str, facts: dict[str, object], salt: str) -> None:
    """Keeps the salt of a life that ends; `facts` are service, subject_digest, ended_at and destroy_at."""
    sealed = vault.seal(vault.evidence, salt_cell(row), salt)
    tx.append(EvidenceSaltRow, {"destroy_at": None} | facts | {"id": row, "sealed_salt": sealed})


def salts_of(tx: Transaction, service: str, subject_digest: str) -> Sequence[KeptSalt]:
    """The salts of a subject's lives that ended and whose evidence is still kept."""
    return as_values(KeptSalt, tx.rows(_OF, {"in_service": service, "digest": subject_digest}))


def set_salts_end(tx: Transaction, service: str, subject_digest: str, destroy_at: datetime) -> int:
    """Says when the salts of a subject that is gone are to be destroyed, where that was not said yet."""
    known = update(SALTS).where(SALTS.c.service == service, SALTS.c.subject_digest == subject_digest)
    return tx.change(known.where(SALTS.c.destroy_at.is_(None)).values(destroy_at=destroy_at))


def destroy_salts(tx: Transaction, now: datetime) -> int:
    """Destroys the salts whose time is over."""
    return tx.change(delete(SALTS).where(SALTS.c.destroy_at <= now))
