"""The tables about asking guardians: the questions, and what keeps mailboxes from being written to too often.

`guardian_digest` recognises a mailbox within one service; `mailbox_digest` across all, under a key of its own, for
mail limits, suppressions and the count of children only.
"""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from agegate.store.columns import id_column, instant_column, json_column, name_column, reference, text_column


class ConsentRequestRow(SQLModel, table=True):
    """The question to one guardian, sealed under the subject's key."""

    __tablename__ = "consent_requests"
    __table_args__ = (UniqueConstraint("subject_id", "guardian_digest", "created_at"),)

    id: str = Field(sa_column=id_column())
    service: str = Field(sa_column=reference("services.name"))
    subject_id: str = Field(sa_column=reference("subjects.id", goes_with=True, begins=True))
    state: str = Field(sa_column=name_column())
    sealed_guardian: str = Field(sa_column=text_column())
    guardian_digest: str = Field(sa_column=name_column())
    sealed_child_name: str | None = Field(sa_column=text_column(nullable=True))
    locale: str = Field(sa_column=name_column())
    assurance: str = Field(sa_column=name_column())
    profile: str = Field(sa_column=name_column())
    policy_version: str = Field(sa_column=name_column())
    notice_sha256: str = Field(sa_column=name_column())
    link_digest: str = Field(sa_column=name_column(unique=True))
    manage_digest: str = Field(sa_column=name_column(unique=True))
    created_at: datetime = Field(sa_column=instant_column())
    expires_at: datetime = Field(sa_column=instant_column())
    mailed_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    decided_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    receipt_id: str | None = Field(sa_column=name_column(nullable=True))
    delete_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    confirm_digest: str | None = Field(sa_column=name_column(nullable=True, index=True))
    stop_digest: str | None = Field(sa_column=name_column(nullable=True, index=True))
    mailbox_digest: str | None = Field(sa_column=name_column(nullable=True, index=True))
    purposes_asked: list[str] | None = Field(sa_column=json_column(nullable=True))
    purposes_given: list[str] | None = Field(sa_column=json_column(nullable=True))
    method: str | None = Field(sa_column=name_column(nullable=True))
    method_reference: str | None = Field(sa_column=name_column(nullable=True))
    method_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    method_by: str | None = Field(sa_column=name_column(nullable=True))
    confirm_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    reminded_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    mail_hold: str | None = Field(sa_column=name_column(nullable=True))
    ended_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    ended_why: str | None = Field(sa_column=name_column(nullable=True))
    refused_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    reviewed_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    reviewed_by: str | None = Field(sa_column=name_column(nullable=True))
    flags: list[str] | None = Field(sa_column=json_column(nullable=True))


class WrittenMailboxRow(SQLModel, table=True):
    """When a mailbox was last written to unasked; goes 30 days after the last time. Its lock serialises the count."""

    __tablename__ = "written_mailboxes"

    digest: str = Field(sa_column=id_column())
    written: list[int] = Field(sa_column=json_column())
    expires_at: datetime = Field(sa_column=instant_column(index=True))


class SuppressionRow(SQLModel, table=True):
    """A mailbox whose reader never wants to be asked again; goes after three years."""

    __tablename__ = "suppressions"

    digest: str = Field(sa_column=id_column())
    created_at: datetime = Field(sa_column=instant_column())
    expires_at: datetime = Field(sa_column=instant_column(index=True))
