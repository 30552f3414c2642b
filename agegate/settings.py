"""One frozen Settings, read once at start from the environment (AGEGATE_…) and `agegate.toml`.

Owns names, defaults and the refusal to start with an unsafe set. In `test` every value has a default; `production`
has none for a secret, an address or a place. Reading key files is the store's business.
"""

import os
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from agegate.environment import CannotStart, Environment
from agegate.provider_settings import GuardianProvider

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
ROLE = r"^[a-z_][a-z0-9_]{0,62}\Z"
VERIFIED_TLS = frozenset({"verify-full", "verify-ca"})
LONGEST_ACT_SECONDS = 30
"""How long one attempt at a mail or a webhook may take."""


def _listed(given: object) -> object:
    """A text is a list with commas, as people write it into an environment."""
    return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given


def _not_everybody(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    if network.prefixlen == 0:
        raise ValueError("this would believe everybody about who asks; name the addresses of your proxies")
    return network


Network = Annotated[IPv4Network | IPv6Network, AfterValidator(_not_everybody)]


class Settings(BaseSettings):
    """What an operator may decide. Secrets are `SecretStr`: their repr shows nothing."""

    model_config = SettingsConfigDict(
        env_prefix="AGEGATE_",
        toml_file="agegate.toml",
        frozen=True,
        extra="forbid",
        regex_engine="python-re",  # the other one writes a counted repetition out: a megabyte for each address
    )

    environment: Environment = Environment.TEST
    data: Path = Path("agegate-data")
    database_url: SecretStr | None = None
    issuer: str | None = None
    mail_url: SecretStr | None = None
    mail_from: str = "agegate@localhost.example"
    bounce_address: str | None = Field(default=None, pattern=r"^[^@\s]{1,16}@[^@\s]{1,190}\Z")
    mail_webhook_secret: SecretStr | None = Field(default=None, min_length=16)
    operator_mail: str | None = Field(default=None, pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}\Z")
    allow_loopback: bool = False
    ledger: Path | None = None
    kek_file: Path | None = None
    port: int = Field(default=8000, ge=0, le=65535)
    rotate_after_days: int = Field(default=90, ge=2, le=365)
    database_trust_network: bool = False
    statement_timeout_seconds: float = Field(default=5, gt=0, le=60)
    lock_timeout_seconds: float = Field(default=2, gt=0, le=60)
    idle_in_transaction_timeout_seconds: float = Field(default=10, gt=0, le=300)
    app_role: str | None = Field(default=None, pattern=ROLE)
    worker_role: str | None = Field(default=None, pattern=ROLE)
    lease_seconds: float = Field(default=60, ge=2, le=3600)
    log: Literal["json", "text"] | None = None
    log_level: Literal["info", "warning"] = "info"
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_listed)] = ()
    guardian_providers: tuple[GuardianProvider, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over secrets as files, those over agegate.toml.

        The folder AGEGATE_SECRETS holds a file for each such setting, named as its variable.
        """
        del dotenv_settings, file_secret_settings
        folder = os.environ.get("AGEGATE_SECRETS")
        secrets = [SecretsSettingsSource(settings_cls, folder)] if folder else []
        return init_settings, env_settings, *secrets, TomlConfigSettingsSource(settings_cls)

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
    def log_form(self) -> str:
        """How log lines look: for machines in production, for people elsewhere."""
        return self.log or ("json" if self.environment is Environment.PRODUCTION else "text")

    @property
    def ledger_folder(self) -> Path:
        """Where tombstones and the audit log's checkpoints are kept beside the database."""
        return self.ledger or self.data / "ledger"

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
    if settings.lease_seconds < LONGEST_ACT_SECONDS:
        faults.append(f"AGEGATE_LEASE_SECONDS must be at least {LONGEST_ACT_SECONDS} in production")
    if settings.database_url is not None and not settings.database_trust_network:
        faults += database_faults(settings.database_url.get_secret_value())
    if settings.allow_loopback:
        faults.append("AGEGATE_ALLOW_LOOPBACK is for the test environment only")
    return faults


def database_faults(address: str) -> list[str]:
    """A database on another machine must prove who it is: what travels there unsealed are names, states and times."""
    found = urlsplit(address)
    asked = dict(parse_qsl(found.query))
    places = (asked.get("host") or found.netloc.rpartition("@")[2]).split(",")
    remote = {host for host in map(_host_of, places) if host and host not in LOOPBACK_NAMES}
    if not found.scheme.startswith("postgres") or not remote or asked.get("sslmode") in VERIFIED_TLS:
        return []
    advice = "add ?sslmode=verify-full&sslrootcert=FILE, or where the network between is private set"
    return [f"AGEGATE_DATABASE_URL names another machine: {advice} AGEGATE_DATABASE_TRUST_NETWORK=1"]


def _host_of(place: str) -> str:
    """The host of `HOST:PORT` or `[ADDRESS]:PORT`; empty for a socket's folder, which is on this machine."""
    if place.startswith("["):
        return place[1:].partition("]")[0]
    return "" if place.startswith("/") else place.partition(":")[0]


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
