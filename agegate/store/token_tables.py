"""The tables behind tokens: who may learn what, and the entries of the status lists.

An entry outlives its subject without naming it: a place in a list is never given twice.
"""

from datetime import datetime

from sqlalchemy import Column, Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from agegate.store.columns import (
    count_column,
    id_column,
    instant_column,
    json_column,
    name_column,
    reference,
    sequence_column,
)
from agegate.store.registry_tables import AUDIENCE_LENGTH

NOT_VALID = text("status <> 0")


class AudienceRow(SQLModel, table=True):
    """A verifier of a service's tokens, with the thresholds it may learn."""

    __tablename__ = "audiences"
    __table_args__ = (UniqueConstraint("service", "name"),)

    id: str = Field(sa_column=id_column())
    service: str = Field(sa_column=reference("services.name", begins=True))
    name: str = Field(sa_column=Column(String(AUDIENCE_LENGTH), nullable=False))
    over: list[int] = Field(sa_column=json_column())
    pairwise: bool = Field()
    created_at: datetime = Field(sa_column=instant_column())


class StatusEntryRow(SQLModel, table=True):
    """One entry: of a subject and an audience until it is invalid, of nobody from then on."""

    __tablename__ = "status_entries"
    __table_args__ = (
        UniqueConstraint("subject_id", "audience"),
        Index("status_entries_not_valid", "seq", sqlite_where=NOT_VALID, postgresql_where=NOT_VALID),
        {"sqlite_autoincrement": True},  # without it SQLite gives the number of a deleted last row again
    )

    seq: int | None = Field(default=None, sa_column=sequence_column())
    subject_id: str | None = Field(sa_column=name_column(nullable=True))
    audience: str | None = Field(sa_column=Column(String(AUDIENCE_LENGTH), nullable=True))
    status: int = Field(sa_column=count_column())
