"""The tables that hold who calls us: services, their keys and holders, and our own signing keys.

Secrets are digests (API keys) or sealed under the installation's own keys (webhook secrets, signing keys).
"""

from datetime import datetime

from sqlalchemy import Column, Integer, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from agegate.store.columns import id_column, instant_column, json_column, name_column, reference, text_column

AUDIENCE_LENGTH = 256


class ServiceRow(SQLModel, table=True):
    """A product that calls us."""

    __tablename__ = "services"

    name: str = Field(sa_column=id_column())
    profile: str = Field(sa_column=name_column())
    controller_name: str | None = Field(sa_column=text_column(nullable=True))
    controller_address: str | None = Field(sa_column=text_column(nullable=True))
    controller_contact: str | None = Field(sa_column=text_column(nullable=True))
    webhook_url: str | None = Field(sa_column=text_column(nullable=True))
    sealed_webhook_secret: str | None = Field(sa_column=text_column(nullable=True))
    created_at: datetime = Field(sa_column=instant_column())


class HolderRow(SQLModel, table=True):
    """A downstream service that holds data of a service's subjects and must delete them on order."""

    __tablename__ = "holders"
    __table_args__ = (UniqueConstraint("service", "name"),)

    id: str = Field(sa_column=id_column())
    service: str = Field(sa_column=reference("services.name", begins=True))
    name: str = Field(sa_column=name_column())
    url: str = Field(sa_column=text_column())
    sealed_secret: str = Field(sa_column=text_column())
    categories: list[str] = Field(sa_column=json_column())
    audience: str | None = Field(sa_column=Column(String(AUDIENCE_LENGTH), nullable=True))
    due_within_seconds: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    created_at: datetime = Field(sa_column=instant_column())


class ApiKeyRow(SQLModel, table=True):
    """A key of a service, of one of its holders or of an operator; the secret is shown once and kept as a digest."""

    __tablename__ = "api_keys"

    id: str = Field(sa_column=id_column())
    service: str = Field(sa_column=reference("services.name"))
    holder: str | None = Field(sa_column=name_column(nullable=True))
    person: str | None = Field(sa_column=name_column(nullable=True))
    scopes: list[str] = Field(sa_column=json_column())
    secret_digest: str = Field(sa_column=name_column())
    created_at: datetime = Field(sa_column=instant_column())
    revoked_at: datetime | None = Field(sa_column=instant_column(nullable=True))


class SigningKeyRow(SQLModel, table=True):
    """A key that signs tokens and evidence, sealed under the installation's root until nothing is signed with it.

    Its state (next, active, retired, revoked) follows from the instants, so that nobody has to flip it in time.
    """

    __tablename__ = "signing_keys"

    kid: str = Field(sa_column=id_column())
    generation: int = Field(sa_column=Column(Integer, nullable=False, unique=True))
    public_jwk: dict[str, str] | None = Field(sa_column=json_column(nullable=True))
    sealed_pem: str | None = Field(sa_column=text_column(nullable=True))
    published_at: datetime = Field(sa_column=instant_column())
    active_from: datetime = Field(sa_column=instant_column())
    revoked_at: datetime | None = Field(sa_column=instant_column(nullable=True))
