"""The tables about the rules as they were last applied, and about corrected dates of birth.

Nothing here holds a date of birth: of a correction only the evidence's kind, digest, strength and time are kept.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from agegate.store.columns import id_column, instant_column, name_column, reference


class RulePrintRow(SQLModel, table=True):
    """The fingerprint of one place's rules or of one profile, as they were when subjects were last decided by them."""

    __tablename__ = "rule_prints"

    name: str = Field(sa_column=id_column())
    fingerprint: str = Field(sa_column=name_column())
    label: str = Field(sa_column=name_column())


class RedecisionRow(SQLModel, table=True):
    """How far the subjects that one change concerns have been decided again."""

    __tablename__ = "redecisions"

    scope: str = Field(sa_column=id_column())
    cursor: str = Field(sa_column=name_column())
    begun_at: datetime = Field(sa_column=instant_column())


class CorrectionRow(SQLModel, table=True):
    """Evidence that corrected a date of birth: who took it, of which kind and strength, and when."""

    __tablename__ = "corrections"
    __table_args__ = (Index("corrections_by_subject", "service", "subject_digest"),)

    id: str = Field(sa_column=id_column())
    service: str = Field(sa_column=reference("services.name", begins=True))
    subject_digest: str = Field(sa_column=name_column())
    kind: str = Field(sa_column=name_column())
    reference_digest: str = Field(sa_column=name_column())
    assurance: str = Field(sa_column=name_column())
    obtained_at: datetime = Field(sa_column=instant_column())
    person: str | None = Field(sa_column=name_column(nullable=True))
    corrected_at: datetime = Field(sa_column=instant_column())
