"""What an operator writes about those who can tell that a guardian is an adult: `[[guardian_providers]]`.

Owns the names of the settings and what is wrong with one entry. Calling a provider is `remote`'s business.
"""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
MOST_SECRET_BYTES = 4096

Name = Annotated[str, Field(pattern=f"^{NAME.pattern}$")]
Label = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\p{C}\p{Zl}\p{Zp}]+$")]


class ProviderSettings(BaseModel):
    """What both kinds share."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    label: Label
    """What the guardian reads on the page."""

    services: tuple[str, ...] = ()
    """The services whose guardians may use it; none named means all of them."""

    def serves(self, service: str) -> bool:
        """Whether guardians of that service may use it."""
        return not self.services or service in self.services


class OidcSettings(ProviderSettings):
    """An OpenID provider at which guardians sign in."""

    kind: Literal["oidc"]
    issuer: str
    client_id: str = Field(min_length=1, max_length=256)
    client_secret_file: Path | None = None
    """Without one the client is public, and PKCE alone binds the code."""

    accepts: tuple[Literal["age_over_18", "birthdate"], ...] = ()
    acr_values: tuple[str, ...] = ()
    """Classes of sign-in (`acr`) that the provider agreed to give to identified adults only."""

    scopes: tuple[str, ...] = ()
    """Beside `openid`; ask for no more than the accepted claims need."""

    @model_validator(mode="after")
    def _accepts_something(self) -> Self:
        if not self.accepts and not self.acr_values:
            raise ValueError("accepts nothing: name age_over_18 or birthdate in accepts, or acr_values")
        return self


class ThirdPartySettings(ProviderSettings):
    """A verifier that tells its result by a signed webhook."""

    kind: Literal["third_party"]
    secret_file: Path
    """Its `whsec_…` secret (Standard Webhooks)."""

    start_url: str | None = None
    """Where the page sends the guardian, with `request` and `return_to`; without it the service starts it by itself."""


GuardianProvider = Annotated[OidcSettings | ThirdPartySettings, Field(discriminator="kind")]


def read_secret(path: Path) -> str:
    """The secret in a file, without the line end. Raises OSError or ValueError."""
    with path.open("rb") as file:
        text = file.read(MOST_SECRET_BYTES).decode("ascii").strip()
    if not text:
        raise ValueError("the file is empty")
    return text
