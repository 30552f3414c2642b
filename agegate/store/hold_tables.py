"""The table of legal holds. Names its subject by reference while it holds, and by a keyed digest afterwards."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agegate.store.columns import id_column, instant_column, name_column, reference


class LegalHoldRow(SQLModel, table=True):
    """One hold: why, whose, until when, and which two people decided it."""

    __tablename__ = "legal_holds"

    id: str = Field(sa_column=id_column())
    service: str = Field(sa_column=reference("services.name"))
    subject_id: str | None = Field(sa_column=name_column(nullable=True, index=True))
    subject_digest: str = Field(sa_column=name_column())
    state: str = Field(sa_column=name_column())
    reason: str = Field(sa_column=name_column())
    reference: str | None = Field(sa_column=name_column(nullable=True))
    owner: str = Field(sa_column=name_column())
    requested_by: str = Field(sa_column=name_column())
    requested_at: datetime = Field(sa_column=instant_column())
    approved_by: str | None = Field(sa_column=name_column(nullable=True))
    approved_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    ends_at: datetime = Field(sa_column=instant_column())
    ended_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    ended_by: str | None = Field(sa_column=name_column(nullable=True))
