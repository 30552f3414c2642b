"""The tables about the installation itself: whose turn periodic work is, and which code its schema still serves."""

from datetime import datetime

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
