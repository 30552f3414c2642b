"""The tables about the installation itself: whose turn periodic work is, and which code its schema still serves."""

from datetime import datetime

from sqlalchemy import Column, String
from sqlmodel import Field, SQLModel

from agegate.store.columns import id_column, instant_column, name_column


class TurnRow(SQLModel, table=True):
    """One piece of periodic work: when it is due again, and which process took it last (machine and number)."""

    __tablename__ = "turns"

    name: str = Field(sa_column=id_column())
    due_at: datetime = Field(sa_column=instant_column())
    taken_by: str | None = Field(sa_column=name_column(nullable=True))


class SchemaFloorRow(SQLModel, table=True):
    """The oldest step whose code can work with the schema as it is; one row, written with every step."""

    __tablename__ = "schema_floor"

    name: str = Field(sa_column=id_column())
    oldest_code: str = Field(sa_column=name_column())


class KeyEpochRow(SQLModel, table=True):
    """A month's wrapping key as far as the database knows it: how far what lives was wrapped anew, and its end."""

    __tablename__ = "key_epochs"

    name: str = Field(sa_column=id_column())
    opened_at: datetime = Field(sa_column=instant_column())
    cursor: str | None = Field(sa_column=Column(String(256), nullable=True))
    rewrapped_at: datetime | None = Field(sa_column=instant_column(nullable=True))
    destroyed_at: datetime | None = Field(sa_column=instant_column(nullable=True))
