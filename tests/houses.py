"""A whole house for tests: real SQLite in a folder of its own, real mail files, a clock that only tests move."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import httpx
from sqlalchemy import func, select
from sqlmodel import SQLModel
from starlette.applications import Starlette

from agegate.app import web_app, worker
from agegate.entropy import system_entropy
from agegate.flows.register import Controller, HolderTerms, Register
from agegate.house import House, open_house
from agegate.remote.webhooks import new_webhook_secret
from agegate.settings import Settings
from agegate.store.registry import read_registry
from agegate.telemetry.requests import no_line
from tests.contract.promises import keep

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ISSUER = "http://127.0.0.1:8000"
CONTROLLER = Controller("Example Chat Ltd", "1 Example Street, Dublin", "privacy@example.com")
SCOPES = ("signup", "consent", "token", "report", "purge")
Json = dict[str, object]


class Hands:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = START) -> None:
        self.now = at

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(slots=True)
class Home:
    """An opened house, its clock, and the ways in: API, worker, outbox."""

    house: House
    clock: Hands
    keys: dict[str, str] = field(default_factory=dict)

    app: Starlette = field(init=False)

    def __post_init__(self) -> None:
        self.app = web_app(self.house, with_worker=False, write=no_line)

    def register(self, service: str, profile: str, controller: Controller | None = CONTROLLER) -> str:
        """A service and a key with every scope of a backend; returns the key."""
        register = self._registrar()
        now = self.clock()
        self.house.store.write_now(lambda tx: register.service(tx, service, profile, controller, None, now))
        self.keys[service] = self.key(service, *SCOPES)
        return self.keys[service]

    def key(self, service: str, *scopes: str, holder: str | None = None) -> str:
        """One more key of a service; the server notices it after a second."""
        register, now = self._registrar(), self.clock()
        key = self.house.store.write_now(lambda tx: register.key(tx, service, scopes, holder, now))
        assert isinstance(key, str)
        return key

    def webhook(self, service: str, url: str) -> str:
        """Lets a service be told at an address; returns the secret."""
        register, now = self._registrar(), self.clock()
        secret = new_webhook_secret(system_entropy)
        profile = self.house.store.read_now(read_registry).services[service].profile
        self.house.store.write_now(lambda tx: register.service(tx, service, profile, None, (url, secret), now))
        return secret

    def register_holder(
        self,
        service: str,
        holder: str,
        url: str = "http://127.0.0.1:9/orders",
        secret: str | None = None,
        terms: HolderTerms = HolderTerms(),  # noqa: B008 - frozen
    ) -> str:
        """A holder and its key; nobody listens on the default address."""
        register, now = self._registrar(), self.clock()
        signs = secret or new_webhook_secret(system_entropy)
        self.house.store.write_now(lambda tx: register.holder(tx, service, holder, url, signs, terms, now))
        return self.key(service, "holder", holder=holder)

    def rows(self) -> dict[str, int]:
        """How many rows each table holds."""
        with self.house.store.engine.connect() as connection:
            return {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in SQLModel.metadata.tables.items()
            }

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request; with a key as its bearer."""
        sent = dict(headers or {})
        if key is not None:
            sent["Authorization"] = f"Bearer {key}"
        return asyncio.run(self._send(method, path, sent, json=body))

    def browse(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        cookie: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request of a guardian's browser."""
        sent = {**({"Cookie": cookie} if cookie else {}), **(headers or {})}
        return asyncio.run(self._send(method, path, sent, data=form))

    def work(self) -> None:
        """Lets the worker do everything that is due at this moment."""
        asyncio.run(worker(self.house).until_idle())

    def mails(self) -> list[EmailMessage]:
        """What lies in the outbox, oldest first."""
        files = sorted((self.house.settings.data / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        return [message_from_bytes(path.read_bytes(), policy=default) for path in files]

    async def _send(self, method: str, path: str, headers: dict[str, str], **content: object) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url=ISSUER) as client:
            given = {name: value for name, value in content.items() if value is not None}
            reply = await client.request(method, path, headers=headers, **given)  # type: ignore[arg-type]  # json or data
        keep(reply)
        return reply

    def _registrar(self) -> Register:
        return Register(self.house.vault, self.house.digests, self.house.entropy)


def furnished(folder: Path, database_url: str, at: datetime = START) -> Iterator[Home]:
    """An opened house with the services `game` and `scan`, closed afterwards."""
    opened = open_home(folder, at, database_url=database_url)
    opened.register("game", "deepseek")
    opened.register("scan", "deepseek-ocr")
    yield opened
    opened.house.close()


def open_home(folder: Path, at: datetime = START, **given: object) -> Home:
    """A house in the folder, on a clock of its own."""
    clock = Hands(at)
    settings = Settings(data=folder / "data", issuer=ISSUER, allow_loopback=True, **given)  # type: ignore[arg-type]
    return Home(open_house(settings, clock), clock)
