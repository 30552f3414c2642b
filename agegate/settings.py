"""One frozen Settings, read once at start from the environment (AGEGATE_…) and `agegate.toml`.

Owns names, defaults and the refusal to start with an unsafe set. In `test` every value has a default; `production`
has none for a secret, an address or a place. Reading key files is the store's business.
"""

from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


class Environment(StrEnum):
    """Where evidence made here counts: `test` evidence is never accepted in production."""

    TEST = "test"
    PRODUCTION = "production"


class CannotStart(Exception):
    """The server must not run as configured; the text says why and what to do."""


class Settings(BaseSettings):
    """What an operator may decide. Secrets are `SecretStr`: their repr shows nothing."""

    model_config = SettingsConfigDict(env_prefix="AGEGATE_", toml_file="agegate.toml", frozen=True, extra="forbid")

    environment: Environment = Environment.TEST
    data: Path = Path("agegate-data")
    database_url: SecretStr | None = None
    issuer: str | None = None
    mail_url: SecretStr | None = None
    mail_from: str = "agegate@localhost.example"
    allow_loopback: bool = False
    ledger: Path | None = None
    kek_file: Path | None = None
    port: int = Field(default=8000, ge=0, le=65535)
    rotate_after_days: int = Field(default=90, ge=2, le=365)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over the file; nothing else is read."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @model_validator(mode="after")
    def _refuse_what_is_unsafe(self) -> Self:
        faults = production_faults(self) if self.environment is Environment.PRODUCTION else test_faults(self)
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def public_issuer(self) -> str:
        """The base address that tokens, links and pages name; never ends in a slash."""
        return (self.issuer or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def database(self) -> str:
        """The database address: the one given, else a file in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data / 'agegate.sqlite3'}"

    @property
    def key_file(self) -> Path:
        """The file with the wrapping keys; outside the database on purpose."""
        return self.kek_file or self.data / "keys.json"

    @property
    def mail_address(self) -> str:
        """Where mail goes: the address given, else a folder of .eml files."""
        return self.mail_url.get_secret_value() if self.mail_url else f"folder:{self.data / 'outbox'}"


def production_faults(settings: Settings) -> list[str]:
    """What production demands and is missing. Nothing is guessed there."""
    demanded = {
        "AGEGATE_DATABASE_URL": settings.database_url,
        "AGEGATE_KEK_FILE": settings.kek_file,
        "AGEGATE_MAIL_URL": settings.mail_url,
        "AGEGATE_LEDGER": settings.ledger,
        "AGEGATE_ISSUER": settings.issuer,
    }
    faults = [f"{name} must be set in production" for name, value in demanded.items() if value is None]
    if settings.issuer is not None and not settings.issuer.startswith("https://"):
        faults.append("AGEGATE_ISSUER must start with https:// in production")
    if "mail_from" not in settings.model_fields_set:
        faults.append("AGEGATE_MAIL_FROM must be set in production")
    if settings.allow_loopback:
        faults.append("AGEGATE_ALLOW_LOOPBACK is for the test environment only")
    return faults


def test_faults(settings: Settings) -> list[str]:
    """Outside production, plain http is for loopback only."""
    address = urlsplit(settings.public_issuer)
    if address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK_NAMES):
        return []
    return ["AGEGATE_ISSUER must be https, or http on loopback for a first try"]


def load_settings(**given: object) -> Settings:
    """The settings of this process.

    Raises CannotStart with every fault at once, naming variables and never values.
    """
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks each value itself
    except ValidationError as fault:
        lines = [_sentence(part["loc"], part["msg"]) for part in fault.errors(include_input=False)]
        raise CannotStart("\n".join(["The settings cannot be used:", *lines])) from None


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    name = "".join(f"AGEGATE_{str(part).upper()}: " for part in place[:1])
    return f"  {name}{message.removeprefix('Value error, ')}"
