"""The tables of the audit log and of the salts that tie evidence to subjects.

Entries are only ever added: triggers refuse every change but the one that gives a new entry its place in the chain.
Destroying a salt is what makes its subject's evidence nobody's.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, String, text
from sqlmodel import Field, SQLModel

from agegate.store.columns import id_column, instant_column, json_column, name_column, sequence_column, text_column

UNSEALED = text("seq IS NULL")


class AuditEntryRow(SQLModel, table=True):
    """One act. Names its subject by a salted commitment of this entry's own, if at all."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("audit_entries_waiting", "id", sqlite_where=UNSEALED, postgresql_where=UNSEALED),)

    id: str = Field(sa_column=id_column())
    seq: int | None = Field(sa_column=Column(BigInteger, nullable=True, unique=True))
    at: datetime = Field(sa_column=instant_column())
    action: str = Field(sa_column=name_column())
    actor: str = Field(sa_column=name_column())
    service: str | None = Field(sa_column=name_column(nullable=True))
    ref: str | None = Field(sa_column=Column(String(256), nullable=True))
    facts: dict[str, object] = Field(sa_column=json_column())
    commitment: str | None = Field(sa_column=name_column(nullable=True))
    hash: str | None = Field(sa_column=name_column(nullable=True))


class AuditCheckpointRow(SQLModel, table=True):
    """A signature over the chain as far as it had grown."""

    __tablename__ = "audit_checkpoints"

    number: int = Field(sa_column=sequence_column())
    seq: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    head: str = Field(sa_column=name_column())
    jws: str = Field(sa_column=text_column())
    made_at: datetime = Field(sa_column=instant_column())


class EvidenceSaltRow(SQLModel, table=True):
    """What still ties the evidence of a subject that is gone to its name; deleted when evidence ends."""

    __tablename__ = "evidence_salts"
    __table_args__ = (Index("evidence_salts_by_subject", "service", "subject_digest"),)

    id: str = Field(sa_column=id_column())
    service: str = Field(sa_column=name_column())
    subject_digest: str = Field(sa_column=name_column())
    sealed_salt: str = Field(sa_column=text_column())
    ended_at: datetime = Field(sa_column=instant_column())
    destroy_at: datetime | None = Field(sa_column=instant_column(nullable=True, index=True))
