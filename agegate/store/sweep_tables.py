"""The tables of sweeps: how far each file was applied, and what a file said beside what a signup says."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, String
from sqlmodel import Field, SQLModel

from agegate.store.columns import (
    NAME_LENGTH,
    id_column,
    instant_column,
    json_column,
    name_column,
    reference,
    text_column,
)


class SweepRow(SQLModel, table=True):
    """One file applied to one service. The id is a keyed digest of both; the file's name is nowhere."""

    __tablename__ = "sweeps"

    id: str = Field(sa_column=id_column())
    service: str = Field(sa_column=reference("services.name"))
    position: int = Field(sa_column=Column(BigInteger, nullable=False))
    """The last line that is written; it moves in the transaction of what it counts."""

    counts: dict[str, int] = Field(sa_column=json_column())
    asked_until: datetime | None = Field(sa_column=instant_column(nullable=True))
    begun_at: datetime = Field(sa_column=instant_column())
    finished_at: datetime | None = Field(sa_column=instant_column(nullable=True))


class SweptSubjectRow(SQLModel, table=True):
    """What a file claims of a subject: a consent from elsewhere, which is none here; a guardian still to be asked."""

    __tablename__ = "swept_subjects"

    subject_id: str = Field(
        sa_column=Column(String(NAME_LENGTH), ForeignKey("subjects.id", ondelete="CASCADE"), primary_key=True)
    )
    claimed_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    claim_reference_digest: str | None = Field(sa_column=name_column(nullable=True))
    sealed_guardian: str | None = Field(sa_column=text_column(nullable=True))
    locale: str | None = Field(sa_column=name_column(nullable=True))
    asked_at: datetime | None = Field(sa_column=instant_column(nullable=True))
