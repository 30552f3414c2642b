"""Commands that run for as long as they are let: serve and worker.

Owns the listening socket, the server's settings and its end. What is served is built by `app.py`; several processes
are looked after by `supervisor.py`.
"""

import asyncio
import fcntl
import gc
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import CANNOT_START, house, say, settings, start_faults
from agegate.cli.watching import MetricsHost, MetricsPort, traced, watched
from agegate.environment import CannotStart, Environment

if TYPE_CHECKING:
    from agegate.cli.supervisor import Place
    from agegate.house import House
    from agegate.settings import Settings

GRACE_SECONDS = 10
CLOSING_SECONDS = 5
WAITING = 2048
"""How many connections the system holds for us until a process takes them."""


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="The port to listen on (8000).", min=1, max=65535)] = None,
    workers: Annotated[
        int, typer.Option(help="Serving processes, on PostgreSQL; SQLite is owned by exactly one.", min=1, max=64)
    ] = 1,
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
    with start_faults():
        chosen = settings(port=port)
        if workers > 1 and chosen.database.startswith("sqlite"):
            raise CannotStart(
                "One process owns the SQLite file. Run with --workers 1, or name a PostgreSQL in AGEGATE_DATABASE_URL."
            )
        listener = _listen(host, chosen.port)
    with closing(listener):
        serving = Serving(chosen, listener, host, (metrics_host, metrics_port), with_worker=not no_worker)
        raise typer.Exit(serving.alone() if workers == 1 else serving.together(workers))


@dataclass(frozen=True, slots=True)
class Serving:
    """One server, or several that share its socket."""

    settings: "Settings"
    listener: socket.socket
    host: str
    metrics: tuple[str, int | None]
    with_worker: bool

    @property
    def patience(self) -> float:
        """How long a process may take to end: its requests, and what its worker has begun."""
        from agegate.settings import LONGEST_ACT_SECONDS

        return GRACE_SECONDS + CLOSING_SECONDS + (LONGEST_ACT_SECONDS if self.with_worker else 0)

    def alone(self) -> int:
        """Serves in this process until told to end."""
        return self._serve(None)

    def together(self, count: int) -> int:
        """Serves in that many processes, looked after by this one."""
        gc.disable()  # what is loaded for all of them stays, as in each
        import agegate.app
        import agegate.cli.server  # noqa: F401 - the same
        from agegate.cli.supervisor import Supervisor
        from agegate.telemetry.shared import share

        counts = share()
        _settle()  # before they are born: what they share is not copied by a collection
        try:
            return Supervisor(self._within, count, self.patience, say, self.listener.close).run()
        finally:
            shutil.rmtree(counts, ignore_errors=True)

    def _within(self, place: "Place") -> int:
        try:
            return self._serve(place)
        except typer.Exit as ended:
            return ended.exit_code
        except KeyboardInterrupt:
            return 0

    def _serve(self, place: "Place | None") -> int:
        gc.disable()  # what is loaded now stays: to search it for garbage again and again is a fifth of the start
        from agegate.app import web_app
        from agegate.cli.server import Server, server_config
        from agegate.store.rights import require_rights

        chosen = self.settings
        with house(port=chosen.port) as opened, start_faults(), _only_one(chosen):
            require_rights(opened.store.engine, works=self.with_worker)
            _require_ledger(opened)
            with traced(opened.store) as traces:
                app = web_app(opened, with_worker=self.with_worker, traces=traces)
                server = Server(server_config(app, GRACE_SECONDS), place, self._greet)
                _settle()
                with watched(app.state.scrape, chosen, *self.metrics):
                    server.run([self.listener])
        return 0 if server.started else CANNOT_START

    def _greet(self) -> None:
        chosen = self.settings
        say(f"agegate serves {chosen.public_issuer} (listening on {self.host}:{chosen.port}). Stop it with Ctrl-C.")
        if chosen.environment is Environment.TEST:
            say(f"Environment test: data in {chosen.data}; tokens, receipts and certificates count as test evidence.")


def worker(metrics_port: MetricsPort = None, metrics_host: MetricsHost = "127.0.0.1") -> None:
    """Run the worker alone, beside `agegate serve --no-worker`; on PostgreSQL as many as wanted."""
    gc.disable()  # as in a server
    import uvloop

    from agegate.app import worker as build
    from agegate.store.rights import require_rights
    from agegate.telemetry.process_log import PROCESS_LOG
    from agegate.telemetry.requests import Requests
    from agegate.telemetry.scrape import Scrape

    async def run() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await build(opened, traces).run(stop)
        await opened.transport.aclose()

    with house() as opened, start_faults():
        require_rights(opened.store.engine, works=True)
        _require_ledger(opened)
        say("The worker serves the agenda. Stop it with Ctrl-C.")
        scrape = Scrape(opened.store, opened.clock, Requests(), PROCESS_LOG.dropped)
        runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        with watched(scrape, opened.settings, metrics_host, metrics_port), traced(opened.store) as traces, runner:
            _settle()
            runner.run(run())


def _settle() -> None:
    """From here on garbage is looked for, seldom: requests leave none. What is there by now makes none of them wait."""
    from agegate.sweeping.collecting import SELDOM

    gc.freeze()
    gc.set_threshold(*SELDOM)
    gc.enable()


def _require_ledger(opened: "House") -> None:
    """A database older than its ledger is brought up to it by the worker; one without its ledger cannot be served."""
    from agegate.store.ledger import LedgerBroken
    from agegate.store.tombstones import ledger_mark

    try:
        opened.ledger.after(opened.store.read_now(ledger_mark))
    except LedgerBroken as fault:
        raise CannotStart(str(fault)) from None


def _listen(host: str, port: int) -> socket.socket:
    try:
        kind = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=kind, backlog=WAITING)
    except OSError as fault:
        raise CannotStart(
            f"Nothing can listen on {host}:{port} ({fault.strerror}). Stop what does, or choose another --port."
        ) from None


@contextmanager
def _only_one(chosen: "Settings") -> Iterator[None]:
    """Holds the data folder's lock for the serving process; a second one cannot start."""
    if not chosen.database.startswith("sqlite"):
        yield
        return
    chosen.data.mkdir(parents=True, exist_ok=True, mode=0o700)  # the database may lie elsewhere
    with (chosen.data / "serving.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(
                f"Another agegate serves the data folder {chosen.data}. Stop it, or choose another AGEGATE_DATA."
            ) from None
        yield
