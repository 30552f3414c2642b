"""The table of reports and other doubts about a subject's age. What a person said in one is sealed and ends with it."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agegate.store.columns import (
    id_column,
    instant_column,
    json_column,
    name_column,
    reference,
    text_column,
)


class ReportRow(SQLModel, table=True):
    """One case. Names its subject by digest, and sealed under a key of its own, which goes when the case is over."""

    __tablename__ = "reports"

    id: str = Field(sa_column=id_column())
    service: str = Field(sa_column=reference("services.name"))
    basis: str = Field(sa_column=name_column())
    state: str = Field(sa_column=name_column(index=True))
    subject_digest: str | None = Field(sa_column=name_column(nullable=True, index=True))
    reporter_digest: str | None = Field(sa_column=name_column(nullable=True, index=True))
    wrapped_key: str | None = Field(sa_column=text_column(nullable=True))
    sealed_subject: str | None = Field(sa_column=text_column(nullable=True))
    sealed_account: str | None = Field(sa_column=text_column(nullable=True))
    sealed_words: str | None = Field(sa_column=text_column(nullable=True))
    sealed_former: str | None = Field(sa_column=text_column(nullable=True))
    restricts: bool = Field()
    flags: list[str] = Field(sa_column=json_column())
    ruling: str | None = Field(sa_column=name_column(nullable=True))
    ruled_by: str | None = Field(sa_column=name_column(nullable=True))
    created_at: datetime = Field(sa_column=instant_column())
    stated_at: datetime = Field(sa_column=instant_column())
    contest_ends: datetime | None = Field(sa_column=instant_column(nullable=True))
    ended_at: datetime | None = Field(sa_column=instant_column(nullable=True, index=True))
