"""Commands that set up and run: init, migrate, serve, worker."""

import asyncio
import fcntl
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import house, say, settings, start_faults
from agegate.cli.watching import MetricsHost, MetricsPort, watched
from agegate.settings import CannotStart, Environment

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from uvicorn import Config

    from agegate.settings import Settings

GRACE_SECONDS = 10


def init() -> None:
    """Make what a first start needs: data folder, key file (mode 0600), schema, signing key.

    In test, `agegate serve` does this by itself. What is there already is left alone.
    """
    from agegate.clock import utc_now
    from agegate.entropy import system_entropy
    from agegate.store.engine import open_engine
    from agegate.store.keyring import Keyring
    from agegate.store.migrate import migrate as bring_up
    from agegate.store.own_keys import open_signing_keys
    from agegate.store.store import Store
    from agegate.store.vault import Vault

    with start_faults():
        chosen = settings()
        if not chosen.key_file.exists():
            Keyring.make(system_entropy, utc_now()).write(chosen.key_file)
            say(f"Made the key file {chosen.key_file}. Keep a copy apart from the database's backups.")
        keyring = Keyring.read(chosen.key_file)
        engine = open_engine(chosen.database)
        bring_up(engine)
        store = Store(engine)
        try:
            book = open_signing_keys(chosen, store, Vault(keyring, system_entropy), utc_now, may_make=True)
            kid = store.read_now(book.read).active_at(utc_now()).kid
        finally:
            store.close()
    say(f"Ready: environment {chosen.environment}, signing key {kid}.")
    say("Next: agegate service add NAME --profile deepseek --controller FILE")


def migrate() -> None:
    """Bring the database's schema to the version of this program."""
    from agegate.store.engine import open_engine
    from agegate.store.migrate import migrate as bring_up

    with start_faults():
        bring_up(open_engine(settings().database))
    say("The schema is current.")


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="The port to listen on (8000).", min=1, max=65535)] = None,
    workers: Annotated[int, typer.Option(help="Processes; SQLite is owned by exactly one.", min=1)] = 1,
    metrics_port: MetricsPort = None,
    metrics_host: MetricsHost = "127.0.0.1",
    *,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Leave due work to `agegate worker` processes.")
    ] = False,
) -> None:
    """Serve the API and the guardian's pages, with the worker in the same process.

    Without any configuration this is a first try: environment test, data in ./agegate-data, mail as .eml files in its
    outbox. AGEGATE_ENVIRONMENT=production demands every secret and an https issuer.
    """
    import uvicorn

    from agegate.app import web_app

    with house(port=port) as opened, start_faults():
        if workers > 1:
            raise CannotStart("One process owns the SQLite file. Run with --workers 1.")
        with _only_one(opened.settings):
            _greet(opened.settings, host)
            app = web_app(opened, with_worker=not no_worker)
            with watched(app.state.scrape, opened.settings, metrics_host, metrics_port):
                uvicorn.Server(_uvicorn_config(app, host, opened.settings.port)).run()


def _uvicorn_config(app: "Starlette", host: str, port: int) -> "Config":
    import uvicorn

    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http="httptools",
        access_log=False,  # uvicorn's line holds the whole path; ours has the route's template
        proxy_headers=False,  # nobody's X-Forwarded-For is believed
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def worker(metrics_port: MetricsPort = None, metrics_host: MetricsHost = "127.0.0.1") -> None:
    """Run the worker alone, beside `agegate serve --no-worker`."""
    from agegate.app import worker as build
    from agegate.telemetry.requests import Requests
    from agegate.telemetry.scrape import Scrape

    async def run() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await build(opened).run(stop)
        await opened.transport.aclose()

    with house() as opened:
        say("The worker serves the agenda. Stop it with Ctrl-C.")
        scrape = Scrape(opened.store, opened.clock, Requests())
        with watched(scrape, opened.settings, metrics_host, metrics_port):
            asyncio.run(run())


def _greet(chosen: "Settings", host: str) -> None:
    say(f"agegate serves {chosen.public_issuer} (listening on {host}:{chosen.port}). Stop it with Ctrl-C.")
    if chosen.environment is Environment.TEST:
        say(f"Environment test: data in {chosen.data}; tokens, receipts and certificates count as test evidence.")


@contextmanager
def _only_one(chosen: "Settings") -> Iterator[None]:
    """Holds the data folder's lock for the serving process; a second one cannot start."""
    if not chosen.database.startswith("sqlite"):
        yield
        return
    with (chosen.data / "serving.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(
                f"Another agegate serves the data folder {chosen.data}. Stop it, or choose another AGEGATE_DATA."
            ) from None
        yield
