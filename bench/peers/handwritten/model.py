"""What both handwritten variants share: tables, bodies, the decision, the sealing, the claims."""

import hmac
import os
import secrets
import uuid
from datetime import UTC, date, datetime, timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as PydanticField
from sqlalchemy import JSON, Column, DateTime, UniqueConstraint
from sqlmodel import Field, SQLModel

LIMITS = {"US": 14, "DE": 16, "ES": 14}
KEK = AESGCM(os.urandom(32))


class Subject(SQLModel, table=True):
    """A person a service named."""

    __tablename__ = "bench_subjects"
    __table_args__ = (UniqueConstraint("service", "subject"),)

    id: str = Field(primary_key=True)
    service: str
    subject: str
    decision: str
    country: str
    sealed_birth_date: str
    wrapped_key: str
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True)))


class Entry(SQLModel, table=True):
    """A place in a list by which a token can be taken back."""

    __tablename__ = "bench_entries"
    __table_args__ = (UniqueConstraint("subject_id", "audience"),)

    seq: int | None = Field(default=None, primary_key=True)
    subject_id: str
    audience: str
    status: int = 0


class Audit(SQLModel, table=True):
    """Who decided what, for whoever asks later."""

    __tablename__ = "bench_audit"

    id: str = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(DateTime(timezone=True)))
    action: str
    service: str
    facts: dict[str, str] = Field(sa_column=Column(JSON))
    commitment: str


class Signup(BaseModel):
    """The body of a signup, strict."""

    model_config = ConfigDict(extra="forbid", strict=True)

    date_of_birth: str = PydanticField(pattern=r"^\d{4}-\d{2}-\d{2}$")
    country: str = PydanticField(pattern=r"^[A-Z]{2}$")
    audience: str

    @field_validator("date_of_birth")
    @classmethod
    def real(cls, text: str) -> str:
        """A day of the calendar that is not in the future."""
        if date.fromisoformat(text) > datetime.now(UTC).date():
            raise ValueError("in the future")
        return text


class Token(BaseModel):
    """The body of a token call."""

    model_config = ConfigDict(extra="forbid", strict=True)

    subject: str
    audience: str


def decide(form: Signup, now: datetime) -> str:
    """Completed years against the country's limit."""
    born, today = date.fromisoformat(form.date_of_birth), now.date()
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return "allowed" if age >= max(18, LIMITS.get(form.country, 18)) else "blocked"


def seal(row: str, text: str) -> tuple[str, str]:
    """A value sealed under a key of its own, and that key wrapped."""
    key, nonce, other = os.urandom(32), os.urandom(12), os.urandom(12)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), row.encode())
    return sealed.hex(), (other + KEK.encrypt(other, key, row.encode())).hex()


def subject_row(subject: str, form: Signup, decision: str, now: datetime) -> Subject:
    """The row of a new subject."""
    row = uuid.uuid4().hex
    sealed, wrapped = seal(row, form.date_of_birth)
    return Subject(
        id=row,
        service="bench",
        subject=subject,
        decision=decision,
        country=form.country,
        sealed_birth_date=sealed,
        wrapped_key=wrapped,
        created_at=now,
    )


def beside(row: Subject, audience: str) -> list[SQLModel]:
    """The rows that go with a new subject: its first token's entry, and the audit log's."""
    facts = {"decision": row.decision, "profile": "bench@1"}
    commitment = hmac.digest(b"salt", row.id.encode(), "sha256").hex()
    entry = Entry(subject_id=row.id, audience=audience)
    audit = Audit(
        id=uuid.uuid4().hex, at=row.created_at, action="signup", service="bench", facts=facts, commitment=commitment
    )
    return [entry, audit]


def keys(subject: str, audience: str, decision: str, now: datetime) -> dict[str, object]:
    """The claims of a token of ten minutes."""
    return {
        "iss": "http://127.0.0.1",
        "aud": audience,
        "sub": subject,
        "iat": now,
        "nbf": now,
        "exp": now + timedelta(minutes=10),
        "jti": secrets.token_urlsafe(16),
        "age_decision": decision,
        "age_method": "self_declared",
        "policy": "bench@1",
    }
