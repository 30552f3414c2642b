"""The tables of what was purged: the tombstones, and how far the ledger outside the database is known here."""

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from agegate.store.columns import id_column, instant_column, name_column


class TombstoneRow(SQLModel, table=True):
    """A purged subject, as the digest that its service and holders can make too; `position` once the ledger has it."""

    __tablename__ = "tombstones"

    purge: str = Field(sa_column=id_column())
    service: str = Field(sa_column=name_column())
    digest: str = Field(sa_column=name_column())
    reason: str = Field(sa_column=name_column())
    purged_at: datetime = Field(sa_column=instant_column())
    position: int | None = Field(sa_column=Column(BigInteger, nullable=True, unique=True))


class LedgerMarkRow(SQLModel, table=True):
    """One row: up to where the ledger is known here."""

    __tablename__ = "ledger_mark"

    id: str = Field(sa_column=id_column())
    position: int = Field(sa_column=Column(BigInteger, nullable=False))
    chain: str = Field(sa_column=name_column())
