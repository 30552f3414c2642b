"""The table of sign-ins that have begun: from the way to a provider until the way back, once, within minutes."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agegate.store.columns import id_column, instant_column, name_column, reference


class SignInRow(SQLModel, table=True):
    """One way to a provider. Names a browser by a digest of its cookie, and nobody."""

    __tablename__ = "sign_ins"

    id: str = Field(sa_column=id_column())
    request_id: str = Field(sa_column=reference("consent_requests.id", goes_with=True))
    provider: str = Field(sa_column=name_column())
    browser_digest: str = Field(sa_column=name_column())
    expires_at: datetime = Field(sa_column=instant_column(index=True))
