"""The tables that hold what is said about a subject. SQLModel, so that they are the schema; they validate nothing.

What arrives here was judged before. Columns named `sealed_*` hold ciphertext of `vault.py`, columns named
`*_digest` keyed digests; no column holds a date of birth or an address in the clear.
"""

from datetime import date, datetime

from sqlalchemy import Column, Date, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from agegate.store.columns import (
    count_column,
    id_column,
    instant_column,
    json_column,
    name_column,
    reference,
    sequence_column,
    text_column,
)

YOUNG, YOUNG_ON_SQLITE = text("grown IS false"), text("grown IS 0")
ADDRESSED = text("email_digest IS NOT NULL")
CONSENTED = text("state = 'consented'")
HINTED = text("grown IS false AND hint_country IS NOT NULL")
HINTED_ON_SQLITE = text("grown IS 0 AND hint_country IS NOT NULL")


class SubjectRow(SQLModel, table=True):
    """A person a service named, while we hold something on them."""

    __tablename__ = "subjects"
    __table_args__ = (
        UniqueConstraint("service", "subject"),
        # By these a change of the rules finds whom it concerns. A grown person is in none of them.
        Index("subjects_young_by_country", "country", "id", sqlite_where=YOUNG_ON_SQLITE, postgresql_where=YOUNG),
        Index("subjects_young_by_profile", "profile", "id", sqlite_where=YOUNG_ON_SQLITE, postgresql_where=YOUNG),
        Index("subjects_young_by_hint", "hint_country", "id", sqlite_where=HINTED_ON_SQLITE, postgresql_where=HINTED),
        # Of most, no address and no consent is known: an index that holds those as well costs every signup its page.
        Index("subjects_by_address", "email_digest", sqlite_where=ADDRESSED, postgresql_where=ADDRESSED),
        Index("subjects_consented", "id", sqlite_where=CONSENTED, postgresql_where=CONSENTED),
    )

    id: str = Field(sa_column=id_column())
    service: str = Field(sa_column=reference("services.name", begins=True))
    subject: str = Field(sa_column=name_column())
    state: str = Field(sa_column=name_column())
    wrapped_key: str = Field(sa_column=text_column())
    sealed_birth_date: str = Field(sa_column=text_column())
    sealed_signal: str | None = Field(sa_column=text_column(nullable=True))
    email_digest: str | None = Field(sa_column=name_column(nullable=True))
    device_digest: str | None = Field(sa_column=name_column(nullable=True))
    country: str = Field(sa_column=name_column())
    region: str | None = Field(sa_column=name_column(nullable=True))
    hint_country: str | None = Field(sa_column=name_column(nullable=True))
    hint_region: str | None = Field(sa_column=name_column(nullable=True))
    profile: str = Field(sa_column=name_column())
    reasons: list[list[str]] = Field(sa_column=json_column())
    decided_on: date = Field(sa_column=Column(Date, nullable=False))
    assurance: str | None = Field(sa_column=name_column(nullable=True))
    assent_needed: bool = Field()
    assent_sha256: str | None = Field(sa_column=name_column(nullable=True))
    assented_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    assent_locale: str | None = Field(sa_column=name_column(nullable=True))
    assent_version: str | None = Field(sa_column=name_column(nullable=True))
    consent_request: str | None = Field(sa_column=name_column(nullable=True))
    created_at: datetime = Field(sa_column=instant_column())
    expires_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    admitted_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    grown: bool = Field()
    stuck: bool = Field()
    review_month: str | None = Field(sa_column=name_column(nullable=True))
    coming_told: bool | None = Field(default=None)
    held_state: str | None = Field(default=None, sa_column=name_column(nullable=True))


class StickyAnswerRow(SQLModel, table=True):
    """A "no" that holds for a while, recognised by a keyed digest and nothing else; or the correction that lifted it.

    `owner` is the digest of the subject that was told no first: a retry under other names repeats that subject's "no".
    """

    __tablename__ = "sticky_answers"
    __table_args__ = (UniqueConstraint("service", "digest", "owner"), Index("sticky_answers_by_owner", "owner"))

    id: str = Field(sa_column=id_column())
    service: str = Field(sa_column=reference("services.name", begins=True))
    kind: str = Field(sa_column=name_column())
    digest: str = Field(sa_column=name_column())
    owner: str = Field(sa_column=name_column())
    decision: str = Field(sa_column=name_column())
    assurance: str | None = Field(sa_column=name_column(nullable=True))
    assent_needed: bool = Field()
    reasons: list[list[str]] = Field(sa_column=json_column())
    profile: str = Field(sa_column=name_column())
    wrapped_key: str | None = Field(sa_column=text_column(nullable=True))
    sealed_birth_date: str | None = Field(sa_column=text_column(nullable=True))
    expires_at: datetime = Field(sa_column=instant_column(index=True))


class PurgeRow(SQLModel, table=True):
    """An order to delete a subject's data everywhere. Keeps the subject id, sealed, only until it has done its work."""

    __tablename__ = "purges"
    __table_args__ = (Index("purges_by_subject", "service", "subject_digest"),)

    id: str = Field(sa_column=id_column())
    service: str = Field(sa_column=reference("services.name", begins=True))
    subject_digest: str = Field(sa_column=name_column())
    commitment: str = Field(sa_column=name_column())
    wrapped_key: str | None = Field(sa_column=text_column(nullable=True))
    sealed_subject: str | None = Field(sa_column=text_column(nullable=True))
    sealed_letter: str | None = Field(sa_column=text_column(nullable=True))
    state: str = Field(sa_column=name_column(index=True))
    reason: str = Field(sa_column=name_column())
    deleted: dict[str, int] = Field(sa_column=json_column())
    ordered_at: datetime = Field(sa_column=instant_column())
    due_at: datetime = Field(sa_column=instant_column())
    completed_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    certificate: str | None = Field(sa_column=text_column(nullable=True))


class PurgeLegRow(SQLModel, table=True):
    """One holder's part of a purge, frozen when the purge was ordered."""

    __tablename__ = "purge_legs"
    __table_args__ = (
        UniqueConstraint("purge_id", "holder"),
        Index("purge_legs_by_holder", "service", "holder", "state"),
    )

    id: str = Field(sa_column=id_column())
    purge_id: str = Field(sa_column=reference("purges.id", begins=True))
    service: str = Field(sa_column=reference("services.name", begins=True))
    holder: str = Field(sa_column=name_column())
    state: str = Field(sa_column=name_column())
    attempts: int = Field(sa_column=count_column())
    last_error: str | None = Field(sa_column=name_column(nullable=True))
    due_at: datetime = Field(sa_column=instant_column())
    delivered_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    completed_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    counts: dict[str, int] = Field(sa_column=json_column())
    exceptions: list[dict[str, str | None]] = Field(sa_column=json_column())
    categories: list[str] | None = Field(default=None, sa_column=json_column(nullable=True))
    escalated_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    closing_by: str | None = Field(default=None, sa_column=name_column(nullable=True))
    closing_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    closing_reason: str | None = Field(default=None, sa_column=name_column(nullable=True))
    closed_by: str | None = Field(default=None, sa_column=name_column(nullable=True))
    closed_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))


class GoneEndpointRow(SQLModel, table=True):
    """A holder whose endpoint said 410: nothing is sent there until it gets another address. Its legs stay open."""

    __tablename__ = "gone_endpoints"

    holder_id: str = Field(sa_column=id_column())
    gone_at: datetime = Field(sa_column=instant_column())


class EventRow(SQLModel, table=True):
    """What a service is told. Names its subject by reference, so that a purge takes the name with it."""

    __tablename__ = "events"

    seq: int | None = Field(default=None, sa_column=sequence_column())
    id: str = Field(sa_column=name_column(unique=True))
    service: str = Field(sa_column=reference("services.name"))
    type: str = Field(sa_column=name_column())
    subject_id: str | None = Field(sa_column=name_column(nullable=True, index=True))
    purge_id: str | None = Field(sa_column=name_column(nullable=True, index=True))
    request_id: str | None = Field(sa_column=name_column(nullable=True))
    report_id: str | None = Field(sa_column=name_column(nullable=True))
    holder: str | None = Field(default=None, sa_column=name_column(nullable=True))
    occurred_at: datetime = Field(sa_column=instant_column())
    delivered_at: datetime | None = Field(sa_column=instant_column(nullable=True))


class EvidenceRow(SQLModel, table=True):
    """A signed receipt, which outlives the data it speaks of and holds none of it."""

    __tablename__ = "evidence"

    id: str = Field(sa_column=id_column())
    service: str = Field(sa_column=reference("services.name"))
    kind: str = Field(sa_column=name_column())
    commitment: str = Field(sa_column=name_column(index=True))
    jws: str = Field(sa_column=text_column())
    issued_at: datetime = Field(sa_column=instant_column())
    request_id: str | None = Field(sa_column=name_column(nullable=True, index=True))
    ended_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    destroy_at: datetime | None = Field(sa_column=instant_column(nullable=True, index=True))


class AgendaRow(SQLModel, table=True):
    """Work that is due. `ref` names the row it is about; there is no payload."""

    __tablename__ = "agenda"
    __table_args__ = (
        UniqueConstraint("kind", "ref"),
        Index("agenda_by_due", "due_at"),
        Index("agenda_by_lane", "lane", "due_at"),
    )

    id: str = Field(sa_column=id_column())
    kind: str = Field(sa_column=name_column())
    ref: str = Field(sa_column=name_column(index=True))
    due_at: datetime = Field(sa_column=instant_column())
    leased_until: datetime | None = Field(sa_column=instant_column(nullable=True))
    attempts: int = Field(sa_column=count_column())
    last_error: str | None = Field(sa_column=name_column(nullable=True))
    lane: str | None = Field(default=None, sa_column=name_column(nullable=True))
